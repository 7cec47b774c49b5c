// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

// Replies in XML Encryption. How the real one names its elements is not public, so the names vary on purpose.
sealed class MakeXmlEncryption
{
    const string Aes256 = EncryptedXml.XmlEncAES256Url, Soap = "http://schemas.xmlsoap.org/soap/envelope/";

    readonly string folder;
    readonly RSACryptoServiceProvider key;
    readonly TpdContent small, whole;

    public MakeXmlEncryption(string folder, TestTenant tenant, TestTenant oldTenant, RSACryptoServiceProvider key)
    {
        this.folder = folder;
        this.key = key;
        small = oldTenant.Content(true);
        whole = tenant.Content(false);
    }

    public void Run()
    {
        var plain = new ReplyCase(small);
        Root("default", "XML Encryption as .NET's EncryptedXml writes it by default", new ReplyCase(whole), Aes256, false, KeyPlace.Inside);
        Root("oaep", "AES-256 and OAEP with SHA-1", plain, Aes256, true, KeyPlace.Inside);
        Root("aes128", "AES-128 and PKCS #1 v1.5", plain, EncryptedXml.XmlEncAES128Url, false, KeyPlace.Inside);
        Root("aes192", "AES-192 and OAEP with SHA-1", plain, EncryptedXml.XmlEncAES192Url, true, KeyPlace.Inside);
        Root("tripledes", "Triple DES and PKCS #1 v1.5", plain, EncryptedXml.XmlEncTripleDESUrl, false, KeyPlace.Inside);
        Root("x509data", "the EncryptedKey names a certificate", plain, Aes256, false, KeyPlace.InsideX509);
        Root("keyvalue", "the EncryptedKey carries the public key", plain, Aes256, true, KeyPlace.InsideKeyValue);
        Content("beside-name", "EncryptedKey beside the data, found by its carried name", plain, KeyPlace.BesideByName);
        Content("beside-retrieval", "EncryptedKey beside the data, found by a RetrievalMethod", plain, KeyPlace.BesideByRetrieval);
        Content("beside-reference", "EncryptedKey beside the data, with a DataReference to it", plain, KeyPlace.BesideByReference);
        Content("beside-unreferenced", "EncryptedKey beside the data, and nothing that points at it", plain, KeyPlace.BesideUnreferenced);
        var greek = new ReplyCase(small, MakeTpds.Greek);
        Root("nonascii", "a password outside ASCII, the document in UTF-16", greek, Aes256, false, KeyPlace.Inside, Make.Utf16);
        Root("spaces", "a password that begins and ends with spaces", new ReplyCase(small, "  two at each end  "), Aes256, false, KeyPlace.Inside);
        Root("version1", "a TPD of version 1", new ReplyCase(small, MakeTpds.Password, 1), Aes256, false, KeyPlace.Inside);
        Shapes(plain);
        Refused(plain);
    }

    // The root element is encrypted as a whole.
    void Root(string name, string about, ReplyCase reply, string algorithm, bool oaep, KeyPlace place, Encoding encoding = null)
    {
        XmlDocument document = XmlEncryption.Parse(reply.Document);
        byte[] secret = XmlEncryption.Encrypt(document.DocumentElement, false, key, algorithm, oaep, place);
        Save(name, about, reply, document, encoding ?? Make.Utf8, secret);
    }

    // The content of an element is encrypted, and the element keeps its name.
    void Content(string name, string about, ReplyCase reply, KeyPlace place)
    {
        XmlDocument document = XmlEncryption.Parse("<Reply><Secret>" + reply.Document + "</Secret></Reply>");
        byte[] secret = XmlEncryption.Encrypt((XmlElement)document.SelectSingleNode("/Reply/Secret"), true, key, Aes256, place != KeyPlace.BesideByName, place);
        Save(name, about, reply, document, Make.Utf8, secret);
    }

    void Shapes(ReplyCase reply)
    {
        string password = ReplyCase.Escape(reply.Password);
        Layout("inline", "the TPD as an element", reply, "<Export><Key>" + password + "</Key>" + reply.TpdInline + "</Export>", true, "/Export");
        Layout("attributes", "password and TPD as attributes", reply, "<Export password=\"" + password + "\" tpd=\""
            + Convert.ToBase64String(reply.Tpd) + "\" />", false, "/Export");
        Layout("white-space", "white space around the password", reply, "<Export>\n  <Password>\n    " + password + "\n  </Password>\n  <Data>\n"
            + reply.TpdBase64 + "\n</Data>\n</Export>", false, "/Export");
        Layout("apart", "password and TPD encrypted each on its own", reply,
               "<Export><Password>" + password + "</Password><Tpd>" + reply.TpdBase64 + "</Tpd></Export>", false, "/Export/Password", "/Export/Tpd");
        Layout("password-only", "only the password is encrypted", reply,
               "<Export><Password>" + password + "</Password><Tpd>" + reply.TpdBase64 + "</Tpd></Export>", false, "/Export/Password");
        Layout("password-only-inline", "only the password is encrypted, the TPD is an element", reply,
               "<Export><Password>" + password + "</Password>" + reply.TpdInline + "</Export>", true, "/Export/Password");
        Layout("soap", "inside a SOAP envelope, among other elements", reply, "<s:Envelope xmlns:s=\"" + Soap + "\"><s:Header><id>1</id></s:Header><s:Body>"
            + "<Response xmlns=\"urn:interop\"><Status>0</Status><Result>" + reply.Document + "</Result></Response></s:Body></s:Envelope>", false, "//*[local-name()='Result']/*");

        byte[] utf16 = Make.Bytes("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n" + reply.Document, Make.Utf16);
        Bytes("bytes-utf16", "the plain text is a whole document in UTF-16", reply, utf16);
        Bytes("bytes-bom", "the plain text is a whole document with a byte order mark", reply, Make.Bytes(reply.Document, Make.Utf8Bom));
        File("tpd-file", "password and TPD encrypted each on its own, the TPD as the bytes of its file", reply);
        File("tpd-file-utf16", "password and TPD encrypted each on its own, the TPD as the bytes of a file in UTF-16",
             new ReplyCase(small, MakeTpds.Password, 2, Make.Utf16));
        Recipients(reply);
    }

    void File(string name, string about, ReplyCase reply)
    {
        XmlDocument document = XmlEncryption.Parse("<Export><Password>" + ReplyCase.Escape(reply.Password) + "</Password></Export>");
        XmlEncryption.Encrypt((XmlElement)document.SelectSingleNode("/Export/Password"), false, key, Aes256, false, KeyPlace.Inside);
        document.DocumentElement.InnerXml += XmlEncryption.EncryptBytes(reply.Tpd, key, Aes256, false);
        Save(name, about, reply, document, Make.Utf8, null);
    }

    // The first EncryptedKey is somebody else's.
    void Recipients(ReplyCase reply)
    {
        XmlDocument document = XmlEncryption.Parse(reply.Document);
        byte[] secret = XmlEncryption.Encrypt(document.DocumentElement, false, key, Aes256, false, KeyPlace.Inside);
        var own = (XmlElement)document.SelectSingleNode("//*[local-name()='EncryptedKey']");
        var other = (XmlElement)own.ParentNode.InsertBefore(own.Clone(), own);
        other.SelectSingleNode("*//*[local-name()='CipherValue']").InnerText = Convert.ToBase64String(Rsa.New(2048).Encrypt(Rsa.Random(32), false));
        Save("two-recipients", "two EncryptedKeys, the first for somebody else", reply, document, Make.Utf8, secret);
    }

    void Bytes(string name, string about, ReplyCase reply, byte[] plain)
    {
        XmlDocument document = XmlEncryption.Parse(XmlEncryption.EncryptBytes(plain, key, Aes256, false));
        Save(name, about, reply, document, Make.Utf8, plain);
    }

    void Layout(string name, string about, ReplyCase reply, string xml, bool inline, params string[] paths)
    {
        XmlDocument document = XmlEncryption.Parse(xml);
        byte[][] secrets = paths.Select(path => XmlEncryption.Encrypt((XmlElement)document.SelectSingleNode(path), false, key, Aes256, false, KeyPlace.Inside)).ToArray();
        Save(name, about, reply, document, Make.Utf8, secrets.Length == 1 ? secrets[0] : null, inline);
    }

    void Refused(ReplyCase reply)
    {
        XmlDocument document = XmlEncryption.Parse(reply.Document);
        XmlEncryption.Encrypt(document.DocumentElement, false, Rsa.New(2048), Aes256, false, KeyPlace.Inside);
        Refused("other-key", "encrypted to another request key", document.OuterXml);

        document = XmlEncryption.Parse(reply.Document.Replace(MakeTpds.Password, "Not this one"));
        XmlEncryption.Encrypt(document.DocumentElement, false, key, Aes256, false, KeyPlace.Inside);
        Refused("other-password", "the password in it does not open the TPD in it", document.OuterXml);

        document = XmlEncryption.Parse(reply.Document);
        XmlEncryption.Encrypt(document.DocumentElement, false, key, Aes256, false, KeyPlace.Inside);
        Refused("truncated", "cut off in the middle", document.OuterXml.Substring(0, document.OuterXml.Length / 2));
        Refused("unknown-algorithm", "a content algorithm that nobody defined", document.OuterXml.Replace(Aes256, "urn:interop:no-such-cipher"));
        Refused("single-des", "single DES", document.OuterXml.Replace(Aes256, EncryptedXml.XmlEncDESUrl));

        document = XmlEncryption.Parse("<Reply><Secret>" + reply.Document + "</Secret></Reply>");
        XmlEncryption.Encrypt((XmlElement)document.SelectSingleNode("/Reply/Secret"), true, key, Aes256, false, KeyPlace.Inside);
        XmlElement cipher = (XmlElement)document.SelectSingleNode("/Reply/Secret/*/*[local-name()='CipherData']");
        cipher.InnerXml = "<CipherReference URI=\"http://interop.example/cipher\" xmlns=\"" + EncryptedXml.XmlEncNamespaceUrl + "\" />";
        Refused("cipher-reference", "the cipher text is somewhere else", document.OuterXml);
    }

    void Refused(string name, string about, string xml)
    {
        new Fixture("reply", "A reply that must not open: " + about + ".", Make.Bytes(xml, Make.Utf8))
            .With("private_key", "key-private-rsakeyvalue").Expect("opens", false).Save(folder, "reply-refused-" + name);
    }

    // secret: the plain text of the only EncryptedData, where there is one. mono has to get it back before it is believed.
    void Save(string name, string about, ReplyCase reply, XmlDocument document, Encoding encoding, byte[] secret, bool inline = false)
    {
        string xml = document.OuterXml;
        if (secret != null && !XmlEncryption.Plaintexts(document, key).Single().SequenceEqual(secret))
            throw new InvalidOperationException(name + ": mono does not get its own plain text back");
        string declaration = encoding == Make.Utf16 ? "<?xml version=\"1.0\" encoding=\"utf-16\"?>" : "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        Fixture fixture = reply.Fixture(about, Make.Bytes(declaration + "\r\n" + xml, encoding), inline);
        if (secret != null)
            fixture.Expect("plain_sha256", Rsa.Sha256(secret));
        fixture.Save(folder, "reply-xmlenc-" + name);
    }
}
