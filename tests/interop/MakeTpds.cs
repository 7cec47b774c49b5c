// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

// The exported TPDs, from the plain one to every liberty that XmlSerializer's reader allows.
sealed class MakeTpds
{
    public const string Password = "Interop test 1!", Greek = "Gr\u00fc\u00dfe-\u0395\u03bb\u03bb\u03ac\u03b4\u03b1-\ud83d\udd11-\u043f\u0430\u0440\u043e\u043b\u044c";
    const string Spaces = "  a space at either end ";

    readonly string folder;
    readonly TestTenant tenant, oldTenant;

    public MakeTpds(string folder, TestTenant tenant, TestTenant oldTenant)
    {
        this.folder = folder;
        this.tenant = tenant;
        this.oldTenant = oldTenant;
    }

    public void Run()
    {
        Plain("v2", "Version 2, cryptographic mode 2, whole chain and two templates", tenant, false, Password, 2);
        Plain("v1", "Version 1, cryptographic mode 2", tenant, true, Password, 1);
        Plain("v2-mode1", "Version 2, cryptographic mode 1 (RSA-1024, SHA-1), whole chain", oldTenant, false, Password, 2);
        Plain("v1-mode1", "Version 1, cryptographic mode 1 (RSA-1024, SHA-1)", oldTenant, true, Password, 1);
        Plain("v2-nonascii", "Version 2, password with letters outside ASCII and a character outside the BMP", tenant, true, Greek, 2);
        Plain("v1-nonascii", "Version 1, password with letters outside ASCII and a character outside the BMP", tenant, true, Greek, 1);
        Plain("v2-spaces", "Version 2, password that begins and ends with spaces", tenant, true, Spaces, 2);
        Plain("v1-spaces", "Version 1, password that begins and ends with spaces", tenant, true, Spaces, 1);
        Encodings();
        KeyData();
        Liberties();
    }

    void Encodings()
    {
        TpdContent content = tenant.Content(true);
        var domain = TpdFile.Seal(content, Password, 2);
        Save("v2-outer-bom", "Outer document in UTF-8 with a byte order mark", content, TpdFile.Serialize(domain, Make.Utf8Bom));
        Save("v2-outer-utf16", "Outer document in UTF-16", content, TpdFile.Serialize(domain, Make.Utf16));
        Save("v2-outer-utf16be", "Outer document in big-endian UTF-16", content, TpdFile.Serialize(domain, Make.Utf16BigEndian));
        string inner = TpdFile.SerializeText(content.Domain);
        Inner("v2-inner-declares-utf16", "Inner document declares utf-16 and is UTF-8", content, Make.Bytes(inner, Make.Utf8));
        Inner("v2-inner-bom", "Inner document in UTF-8 with a byte order mark", content, TpdFile.Serialize(content.Domain, Make.Utf8Bom));
        Inner("v2-inner-bom-declares-utf16", "Inner document declares utf-16 and is UTF-8 with a byte order mark", content, Make.Bytes(inner, Make.Utf8Bom));
        Inner("v2-inner-utf16", "Inner document in UTF-16", content, TpdFile.Serialize(content.Domain, Make.Utf16));
    }

    void KeyData()
    {
        TpdContent content = tenant.Content(true);
        content.KeyBlob = null;
        Save("v2-keyless", "No private key: m_strKeyData is absent", content, TpdFile.Serialize(TpdFile.Seal(content, Password, 2), null));
        var domain = TpdFile.Seal(content, Password, 2);
        domain.m_strKeyData = "";
        Save("v2-keyless-empty", "No private key: m_strKeyData is empty", content, TpdFile.Serialize(domain, null));
        content.Domain.m_ttdki.strEncryptedPrivateKey = Convert.ToBase64String(Rsa.Random(96));
        Save("v2-keyless-opaque", "No m_strKeyData, and a strEncryptedPrivateKey that only the server that wrote it could read",
             content, TpdFile.Serialize(TpdFile.Seal(content, Password, 2), null));

        content = tenant.Content(true);
        content.Domain.m_ttdki.strEncryptedPrivateKey = Convert.ToBase64String(Rsa.New(2048).ExportCspBlob(true));
        Plain("v2-two-keys", "strEncryptedPrivateKey holds another key; m_strKeyData overrides it", content);
        content = tenant.Content(true);
        content.KeyBlob = Rsa.New(2048).ExportCspBlob(true);
        Plain("v2-foreign-key", "The private key is not the one in the certificate", content);
        content = tenant.Content(true);
        content.KeyBlob[5] = 0x24;
        content.Domain.m_ttdki.nKeyNumber = 2;
        Plain("v2-signature-key", "Key number 2 and a key blob of algorithm 0x2400", content);
    }

    void Liberties()
    {
        TpdContent content = tenant.Content(true);
        string xml = Encoding.UTF8.GetString(TpdFile.Serialize(TpdFile.Seal(content, Password, 2), null)).Replace("\r\n", "\n");
        string wrapped = Regex.Replace(xml, "[A-Za-z0-9+/=]{200,}", match => "\n" + Regex.Replace(match.Value, ".{76}", "$0\n      ") + "\n    ");
        string swapped = Regex.Replace(wrapped, "(xmlns:\\w+=\"[^\"]*\") (xmlns:\\w+=\"[^\"]*\")", "$2 $1");
        Save("v2-layout", "White space inside the base64, CRLF, the other order of the xmlns attributes", content,
             Make.Bytes(swapped.Replace("\n", "\r\n"), Make.Utf8));

        Match info = Regex.Match(xml, "<m_strTrustedDocDomainInfo>[^<]*</m_strTrustedDocDomainInfo>"), key = Regex.Match(xml, "<m_strKeyData>[^<]*</m_strKeyData>");
        string liberal = xml.Replace(info.Value, "<m_strNotKnown>QUJD</m_strNotKnown>" + key.Value)
            .Replace("</anyType>", info.Value + "<m_strKeyData>QUJD</m_strKeyData></anyType>");
        int second = liberal.IndexOf(key.Value, liberal.IndexOf(key.Value) + 1);
        Save("v2-members", "Members in the other order, an unknown one, and a second m_strKeyData that does not count", content,
             Make.Bytes(liberal.Remove(second, key.Length), Make.Utf8));
    }

    void Plain(string name, string about, TestTenant of, bool small, string password, int version)
    {
        TpdContent content = of.Content(small);
        Save(name, about, content, TpdFile.Serialize(TpdFile.Seal(content, password, version), null), password, version);
    }

    void Plain(string name, string about, TpdContent content)
    {
        Save(name, about, content, TpdFile.Serialize(TpdFile.Seal(content, Password, 2), null));
    }

    void Inner(string name, string about, TpdContent content, byte[] inner)
    {
        Save(name, about, content, TpdFile.Serialize(TpdFile.Seal(content, Password, 2, inner), null));
    }

    void Save(string name, string about, TpdContent content, byte[] data, string password = Password, int version = 2)
    {
        TpdContent opened = TpdFile.Open(data, password, version);
        if (!opened.Domain.m_strLicensorCertChain.SequenceEqual(content.Domain.m_strLicensorCertChain))
            throw new InvalidOperationException(name + ": the chain does not come back as it was");
        Facts(new Fixture("tpd", about + ".", data).With("password", password), content, version).Save(folder, "tpd-" + name);
    }

    public static Fixture Facts(Fixture fixture, TpdContent content, int version)
    {
        TenantKeyInformation information = content.Domain.m_ttdki;
        string[] chain = content.Domain.m_strLicensorCertChain;
        RSAParameters certified = Xrml.KeyOf(chain[0], "ISSUEDPRINCIPALS");
        fixture.Expect("version", version).Expect("key_id", information.strID).Expect("key_id_type", information.strIDType)
            .Expect("csp_type", information.nCSPType).Expect("csp_name", information.strCSPName)
            .Expect("key_container", information.strKeyContainerName).Expect("key_number", information.nKeyNumber)
            .Expect("key_in_file", content.KeyBlob != null).Expect("crypto_mode", certified.Modulus.Length == 128 ? 1 : 2)
            .Expect("modulus_hex", Rsa.Hex(certified.Modulus)).Expect("exponent", 65537)
            .Expect("licensing_url", TestTenant.FullPath + "/licensing")
            .Expect("chain_sha256", chain.Select(document => Rsa.Sha256(document)))
            .Expect("signatures", chain.Select(document => (object)Xrml.Verify(document)))
            .Expect("templates", content.Domain.m_astrRightsTemplates.Select(TemplateFacts));
        if (content.KeyBlob != null)
            fixture.Expect("key_blob_sha256", Rsa.Sha256(content.KeyBlob)).Expect("key_matches_certificate", Matches(content.KeyBlob, certified));
        return fixture;
    }

    static object Matches(byte[] blob, RSAParameters certified)
    {
        var key = new RSACryptoServiceProvider();
        key.ImportCspBlob(blob);
        return key.ExportParameters(false).Modulus.SequenceEqual(certified.Modulus);
    }

    static object TemplateFacts(string document)
    {
        string name = Regex.Match(document, "<DESCRIPTOR>.*?<NAME>(.*?)</NAME>", RegexOptions.Singleline).Groups[1].Value.Replace("&amp;", "&");
        var names = new List<KeyValuePair<string, object>>();
        foreach (Match entry in Regex.Matches(name, @"LCID (\d+):NAME (.*?):DESCRIPTION (.*?);"))
            names.Add(new KeyValuePair<string, object>(entry.Groups[1].Value, new[] { entry.Groups[2].Value, entry.Groups[3].Value }));
        var urls = Regex.Matches(document, "Publishing-URL\">.*?<ADDRESS type=\"URL\">(.*?)</ADDRESS>").Cast<Match>();
        return new List<KeyValuePair<string, object>>
        {
            new KeyValuePair<string, object>("guid", Regex.Match(document, "<DESCRIPTOR>.*?<ID[^>]*>(.*?)</ID>").Groups[1].Value),
            new KeyValuePair<string, object>("names", names),
            new KeyValuePair<string, object>("urls", urls.Select(match => match.Groups[1].Value).ToArray()),
            new KeyValuePair<string, object>("verified", Xrml.Verify(document)),
        };
    }
}
