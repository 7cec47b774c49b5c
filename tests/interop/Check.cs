// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

// check FOLDER: judges what another implementation wrote. FOLDER/cases.xml lists the files and what must be found
// in them; one line for each, and exit code 1 when any of them fails.
static class Check
{
    static string folder;

    public static int Run(string path)
    {
        folder = path;
        int failed = 0;
        var cases = new XmlDocument();
        cases.Load(Path.Combine(folder, "cases.xml"));
        foreach (XmlElement item in cases.DocumentElement.ChildNodes.OfType<XmlElement>())
        {
            string fault = Judge(item);
            failed += fault == null ? 0 : 1;
            Console.WriteLine((fault == null ? "PASS " : "FAIL ") + item.Name + " " + item.GetAttribute("name") + (fault == null ? "" : ": " + fault));
        }
        return failed == 0 ? 0 : 1;
    }

    // Any exception of a case is that case's failure, and says where it came from.
    static string Judge(XmlElement item)
    {
        try
        {
            switch (item.Name)
            {
                case "key": return Key(item);
                case "tpd": return Tpd(item);
                case "reply": return Reply(item);
                case "xmlenc": return XmlEnc(item);
                case "xrml": return Xrml.Verify(Text(item, "file")) == (item.GetAttribute("verified") == "true") ? null : "the signature is judged otherwise";
                default: return "no such kind of case";
            }
        }
        catch (Exception fault)
        {
            return fault.GetType().Name + ": " + fault.Message;
        }
    }

    static byte[] Data(XmlElement item, string attribute)
    {
        return File.ReadAllBytes(Path.Combine(folder, item.GetAttribute(attribute)));
    }

    static string Text(XmlElement item, string attribute)
    {
        return File.ReadAllText(Path.Combine(folder, item.GetAttribute(attribute)));
    }

    static RSACryptoServiceProvider RsaKey(XmlElement item, string attribute)
    {
        var key = new RSACryptoServiceProvider();
        key.FromXmlString(Text(item, attribute));
        return key;
    }

    static string Differs(string what, object found, XmlElement item, string attribute)
    {
        string wanted = item.GetAttribute(attribute);
        return !item.HasAttribute(attribute) || found.ToString().ToLowerInvariant() == wanted.ToLowerInvariant() ? null
            : what + " is " + found + " in place of " + wanted;
    }

    static string Modulus(RSACryptoServiceProvider key)
    {
        return Rsa.Hex(key.ExportParameters(false).Modulus);
    }

    // form: rsakeyvalue, csp (raw) or csp-base64.
    static string Key(XmlElement item)
    {
        var key = new RSACryptoServiceProvider();
        string form = item.GetAttribute("form");
        if (form == "rsakeyvalue")
            key.FromXmlString(Text(item, "file"));
        else
            key.ImportCspBlob(form == "csp" ? Data(item, "file") : Convert.FromBase64String(Text(item, "file")));
        return Differs("the modulus", Modulus(key), item, "modulus")
            ?? Differs("the private half", !key.PublicOnly, item, "private") ?? (key.PublicOnly ? null : Works(key));
    }

    static string Works(RSACryptoServiceProvider key)
    {
        byte[] probe = Rsa.Random(20);
        return key.Decrypt(Rsa.From(key.ExportParameters(false)).Encrypt(probe, true), true).SequenceEqual(probe) ? null : "it does not decrypt what it encrypts";
    }

    static string Tpd(XmlElement item)
    {
        string password = new UTF8Encoding(false, true).GetString(Data(item, "password"));
        return Inside(TpdFile.Open(Data(item, "file"), password, int.Parse(item.GetAttribute("version"))), item);
    }

    // verified: how many documents, certificates and templates together, must bear a good signature.
    static string Inside(TpdContent content, XmlElement item)
    {
        string[] chain = content.Domain.m_strLicensorCertChain, templates = content.Domain.m_astrRightsTemplates;
        string fault = Differs("the key id", content.Domain.m_ttdki.strID, item, "key_id")
            ?? Differs("the number of certificates", chain.Length, item, "chain")
            ?? Differs("the number of templates", templates.Length, item, "templates")
            ?? Differs("the number of good signatures", chain.Concat(templates).Count(Xrml.Verify), item, "verified")
            ?? Differs("a key in the file", content.KeyBlob != null, item, "key_in_file") ?? Linked(chain);
        if (fault != null || content.KeyBlob == null)
            return fault;
        var key = new RSACryptoServiceProvider();
        key.ImportCspBlob(content.KeyBlob);
        bool fits = Modulus(key) == Rsa.Hex(Xrml.KeyOf(chain[0], "ISSUEDPRINCIPALS").Modulus);
        return Differs("the fit of key and certificate", fits, item, "key_matches") ?? Works(key);
    }

    static string Linked(string[] chain)
    {
        for (int i = 0; i + 1 < chain.Length; i++)
            if (!Xrml.KeyOf(chain[i], "ISSUER").Modulus.SequenceEqual(Xrml.KeyOf(chain[i + 1], "ISSUEDPRINCIPALS").Modulus))
                return "certificate " + i + " was not issued by the next one's key";
        return null;
    }

    static string Reply(XmlElement item)
    {
        var reader = new ReplyReader(RsaKey(item, "key"));
        if (!reader.Open(Data(item, "file")))
            return "nothing in it was proven";
        return Differs("the SHA-256 of the TPD", Rsa.Sha256(reader.Tpd), item, "tpd_sha256")
            ?? Differs("the SHA-256 of the password", Rsa.Sha256(reader.Password), item, "password_sha256") ?? Inside(reader.Content, item);
    }

    // .NET's own EncryptedXml.DecryptDocument, then the plain text itself.
    static string XmlEnc(XmlElement item)
    {
        RSACryptoServiceProvider key = RsaKey(item, "key");
        string xml = Text(item, "file");
        XmlDocument document = XmlEncryption.Decrypt(xml, key);
        if (document.GetElementsByTagName("EncryptedData", System.Security.Cryptography.Xml.EncryptedXml.XmlEncNamespaceUrl).Count > 0)
            return "DecryptDocument left something encrypted";
        return Differs("the SHA-256 of the plain text", Rsa.Sha256(XmlEncryption.Plaintexts(XmlEncryption.Parse(xml), key)[0]), item, "plain_sha256");
    }
}
