// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

// make FOLDER: writes every fixture. Keys are random, so the values differ from run to run; names and shapes do not.
static class Make
{
    public static readonly Encoding Utf8 = new UTF8Encoding(false), Utf8Bom = new UTF8Encoding(true);
    public static readonly Encoding Utf16 = new UnicodeEncoding(false, true), Utf16BigEndian = new UnicodeEncoding(true, true);

    public static int Run(string folder)
    {
        Directory.CreateDirectory(folder);
        RSACryptoServiceProvider request = Rsa.New(2048);
        var hierarchy = new TestHierarchy(2);
        var tenant = new TestTenant(2, hierarchy);
        var oldTenant = new TestTenant(1, new TestHierarchy(1));
        Keys(folder, request);
        Documents(folder, tenant, oldTenant);
        new MakeTpds(folder, tenant, oldTenant).Run();
        new MakeXmlEncryption(folder, tenant, oldTenant, request).Run();
        new MakeHybrids(folder, oldTenant, request).Run();
        return 0;
    }

    public static byte[] Bytes(string text, Encoding encoding)
    {
        return encoding.GetPreamble().Concat(encoding.GetBytes(text)).ToArray();
    }

    static void Keys(string folder, RSACryptoServiceProvider request)
    {
        foreach (bool secret in new[] { true, false })
        {
            string kind = secret ? "key_private" : "key_public", prefix = secret ? "key-private-" : "key-public-";
            string half = secret ? "Private" : "Public", xml = request.ToXmlString(secret);
            byte[] blob = request.ExportCspBlob(secret);
            Action<string, string, byte[]> save = (name, about, content) =>
                new Fixture(kind, half + " half of a request key as " + about + ".", content)
                    .Expect("bits", 2048).Expect("exponent", 65537)
                    .Expect("modulus_hex", Rsa.Hex(request.ExportParameters(false).Modulus)).Save(folder, prefix + name);
            save("rsakeyvalue", ".NET's RSAKeyValue", Bytes(xml, Utf8));
            save("rsakeyvalue-bom", ".NET's RSAKeyValue, UTF-8 with a byte order mark", Bytes(xml, Utf8Bom));
            save("rsakeyvalue-utf16", ".NET's RSAKeyValue, UTF-16 with a byte order mark and a line end", Bytes(xml + "\r\n", Utf16));
            save("rsakeyvalue-utf16be", ".NET's RSAKeyValue, big-endian UTF-16", Bytes(xml, Utf16BigEndian));
            save("csp", "a raw CSP blob", blob);
            save("csp-base64", "a CSP blob in base64, in lines",
                 Bytes(Convert.ToBase64String(blob, Base64FormattingOptions.InsertLineBreaks) + "\r\n", Utf8));
        }
        RSAParameters damaged = request.ExportParameters(true);
        damaged.DP = (byte[])damaged.DP.Clone();
        damaged.DP[damaged.DP.Length - 1] ^= 2;
        new Fixture("key_private", "Private half of a request key whose exponent for P is wrong.", Bytes(KeyXml(damaged), Utf8))
            .Expect("opens", false).Save(folder, "key-private-damaged");
    }

    static string KeyXml(RSAParameters key)
    {
        Func<string, byte[], string> part = (name, value) => "<" + name + ">" + Convert.ToBase64String(value) + "</" + name + ">";
        return "<RSAKeyValue>" + part("Modulus", key.Modulus) + part("Exponent", key.Exponent) + part("P", key.P) + part("Q", key.Q)
            + part("DP", key.DP) + part("DQ", key.DQ) + part("InverseQ", key.InverseQ) + part("D", key.D) + "</RSAKeyValue>";
    }

    static void Documents(string folder, TestTenant tenant, TestTenant oldTenant)
    {
        Action<string, string, string, bool> save = (name, about, document, verified) =>
        {
            if (Xrml.Verify(document) != verified)
                throw new InvalidOperationException(name + ": own verification disagrees");
            new Fixture("xrml", about, Bytes(document, Utf8)).Expect("verified", verified).Save(folder, "xrml-" + name);
        };
        string certificate = tenant.Chain[0], template = tenant.Templates[0];
        save("slc-sha256", "A server licensor certificate, RSA-2048 with SHA-256.", certificate, true);
        save("slc-sha1", "A server licensor certificate, RSA-1024 with SHA-1.", oldTenant.Chain[0], true);
        save("ca-sha1-2048", "A CA certificate signed with SHA-1 under a root of 2048 bits.", oldTenant.Chain[3], true);
        save("template", "A rights template in three languages, with line feeds inside BODY.", template, true);
        save("template-astral", "A rights template with a character outside the BMP.", tenant.Templates[1], true);
        save("signature-order", "A certificate whose SIGNATURE has its ALGORITHM first, as end users' licences do.",
             AlgorithmFirst(certificate), true);
        save("damaged", "A certificate whose BODY was changed: the digest is wrong.",
             certificate.Replace("INTEROP TEST SERVER", "INTEROP TEST SERVEr"), false);
        save("reindented", "A certificate that was laid out anew: the digest is wrong, the signature still opens.",
             certificate.Replace("><", ">\n  <"), false);
        save("wrong-signature", "A certificate with the right digest, signed by another key than its ISSUER names.",
             Xrml.Signed(Body(certificate), Rsa.New(2048).ExportParameters(true), "SHA256"), false);
        save("other-digest", "A certificate whose DIGEST is right but not the one that was signed.",
             OtherDigest(certificate, tenant.Chain[1]), false);
    }

    static string Body(string document)
    {
        int start = document.IndexOf("<BODY "), end = document.IndexOf("</BODY>") + "</BODY>".Length;
        return document.Substring(start, end - start);
    }

    static string AlgorithmFirst(string document)
    {
        const string algorithm = "<ALGORITHM>RSA PKCS#1-V1.5</ALGORITHM>";
        return document.Replace(algorithm, "").Replace("<SIGNATURE>", "<SIGNATURE>" + algorithm);
    }

    // The signature VALUE of another certificate under the digest of this one.
    static string OtherDigest(string document, string other)
    {
        const string mark = "<ALGORITHM>RSA PKCS#1-V1.5</ALGORITHM>";
        return document.Substring(0, document.IndexOf(mark)) + other.Substring(other.IndexOf(mark));
    }
}
