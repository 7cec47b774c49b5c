// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

// XrML certificates and rights templates as AD RMS writes them ([MS-RMPR] 2.2.9): made as text, since the
// signature covers the text of BODY as it stands, and read with nothing but string searches for the same reason.
sealed class XrmlParty
{
    public string Type, IdType, Id, Name, Address, Levels = "";
    public RSAParameters Key;

    public string ObjectAndKey()
    {
        string address = Address == null ? "" : "<ADDRESS type=\"URL\">" + Address + "</ADDRESS>";
        return "<OBJECT type=\"" + Type + "\"><ID type=\"" + IdType + "\">" + Id + "</ID><NAME>" + Name + "</NAME>" + address
            + "</OBJECT>" + Xrml.PublicKey(Key);
    }
}

static class Xrml
{
    const string Declaration = "<?xml version=\"1.0\"?>";
    const string Range = "<TIME><RANGETIME><FROM>2002-12-05T01:07</FROM><UNTIL>2255-04-18T16:50</UNTIL></RANGETIME></TIME>";

    public static string PublicKey(RSAParameters key)
    {
        return "<PUBLICKEY><ALGORITHM>RSA</ALGORITHM><PARAMETER name=\"public-exponent\"><VALUE encoding=\"integer32\">"
            + key.Exponent.Aggregate(0, (sum, b) => sum * 256 + b) + "</VALUE></PARAMETER><PARAMETER name=\"modulus\">"
            + "<VALUE encoding=\"base64\" size=\"" + key.Modulus.Length * 8 + "\">"
            + Convert.ToBase64String(key.Modulus.Reverse().ToArray()) + "</VALUE></PARAMETER></PUBLICKEY>";
    }

    public static string Certificate(string type, XrmlParty issuer, XrmlParty principal, string digest)
    {
        string item = "<OBJECT type=\"" + type + "\"><ID type=\"MS-GUID\">{" + Guid.NewGuid() + "}</ID></OBJECT>";
        string body = "<BODY type=\"LICENSE\" version=\"3.0\"><ISSUEDTIME>2026-01-05T09:00</ISSUEDTIME><DESCRIPTOR>" + item
            + "</DESCRIPTOR><ISSUER>" + issuer.ObjectAndKey() + "</ISSUER><ISSUEDPRINCIPALS><PRINCIPAL internal-id=\"1\">"
            + principal.ObjectAndKey() + principal.Levels + "</PRINCIPAL></ISSUEDPRINCIPALS><WORK>" + item
            + "<RIGHTSGROUP name=\"Main-Rights\"><RIGHTSLIST><RIGHT name=\"ISSUE\"><CONDITIONLIST>" + Range
            + "<ACCESS><PRINCIPAL internal-id=\"1\" /></ACCESS></CONDITIONLIST></RIGHT></RIGHTSLIST></RIGHTSGROUP></WORK></BODY>";
        return Signed(body, issuer.Key, digest);
    }

    public static string Template(XrmlParty server, string guid, string name, string intranet, string extranet, string digest)
    {
        string body = "<BODY type=\"Microsoft Official Rights Template\"><ISSUEDTIME>2026-01-05T09:30</ISSUEDTIME><DESCRIPTOR>"
            + "<OBJECT><ID type=\"MS-GUID\">" + guid + "</ID><NAME>" + name + "</NAME></OBJECT></DESCRIPTOR><ISSUER>"
            + server.ObjectAndKey() + server.Levels + "</ISSUER>" + Point("Publishing-URL", "Publishing Point", intranet)
            + (extranet == null ? "" : Point("Extranet-Publishing-URL", "Extranet Publishing Point", extranet))
            + Point("Referral-Info", "Interop test referral", "mailto:rms@interop.example")
            + "<WORK><OBJECT><ID type=\"\" /></OBJECT><RIGHTSGROUP name=\"Main-Rights\"><RIGHTSLIST>"
            + Right("<RIGHT name=\"OWNER\">", "Owner", "</RIGHT>") + Right("<VIEW>", "ANYONE", "</VIEW>")
            + "</RIGHTSLIST></RIGHTSGROUP></WORK></BODY>";
        return Signed(body, server.Key, digest);
    }

    static string Point(string type, string name, string url)
    {
        return "<DISTRIBUTIONPOINT><OBJECT type=\"" + type + "\"><ID type=\"MS-GUID\">{" + Guid.NewGuid() + "}</ID><NAME>" + name
            + "</NAME><ADDRESS type=\"URL\">" + url + "</ADDRESS></OBJECT></DISTRIBUTIONPOINT>";
    }

    static string Right(string open, string who, string close)
    {
        return open + "<CONDITIONLIST><ACCESS><PRINCIPAL><OBJECT><ID type=\"Internal\">" + who
            + "</ID></OBJECT></PRINCIPAL></ACCESS></CONDITIONLIST>" + close;
    }

    public static string Signed(string body, RSAParameters issuer, string digest)
    {
        byte[] hash = BodyHash(body, digest);
        string algorithm = "<ALGORITHM>RSA PKCS#1-V1.5</ALGORITHM>";
        string digestPart = "<DIGEST><ALGORITHM>" + digest + "</ALGORITHM><PARAMETER name=\"codingtype\"><VALUE encoding=\"string\">"
            + "surface-coding</VALUE></PARAMETER><VALUE encoding=\"base64\" size=\"" + hash.Length * 8 + "\">"
            + Convert.ToBase64String(hash) + "</VALUE></DIGEST>";
        byte[] signature = Rsa.Sign(issuer, digest, hash);
        return Declaration + "<XrML xmlns=\"\" version=\"1.2\">" + body + "<SIGNATURE>" + digestPart + algorithm
            + "<VALUE encoding=\"base64\" size=\"" + signature.Length * 8 + "\">" + Convert.ToBase64String(signature)
            + "</VALUE></SIGNATURE></XrML>";
    }

    static byte[] BodyHash(string body, string digest)
    {
        return Rsa.Hash(digest, Encoding.Unicode.GetBytes(body));
    }

    static string Cut(string text, string from, string to)
    {
        int start = text.IndexOf(from, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(to, start, StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("no " + from);
        return text.Substring(start, end + to.Length - start);
    }

    static string Value(string text, string encoding)
    {
        Match match = Regex.Match(text, "<VALUE encoding=\"" + encoding + "\"[^>]*>([^<]*)</VALUE>");
        if (!match.Success)
            throw new FormatException("no VALUE in " + encoding);
        return match.Groups[1].Value.Trim();
    }

    // The public key of the ISSUER or of the PRINCIPAL in ISSUEDPRINCIPALS; numbers big-endian as .NET wants them.
    public static RSAParameters KeyOf(string document, string element)
    {
        string key = Cut(Cut(document, "<" + element + ">", "</" + element + ">"), "<PUBLICKEY>", "</PUBLICKEY>");
        int exponent = int.Parse(Value(key, "integer32"));
        byte[] bytes = BitConverter.GetBytes(exponent).Reverse().SkipWhile(b => b == 0).ToArray();
        return new RSAParameters { Modulus = Convert.FromBase64String(Value(key, "base64")).Reverse().ToArray(), Exponent = bytes };
    }

    public static bool Verify(string document)
    {
        string body = Cut(document, "<BODY ", "</BODY>");
        string signature = Cut(document, "<SIGNATURE>", "</SIGNATURE>");
        string digestPart = Cut(signature, "<DIGEST>", "</DIGEST>");
        string digest = Cut(digestPart, "<ALGORITHM>", "</ALGORITHM>").Replace("<ALGORITHM>", "").Replace("</ALGORITHM>", "").Trim();
        byte[] stated = Convert.FromBase64String(Value(digestPart, "base64"));
        byte[] value = Convert.FromBase64String(Value(signature.Replace(digestPart, ""), "base64"));
        RSAParameters issuer = KeyOf(body, "ISSUER");
        return stated.SequenceEqual(BodyHash(body, digest)) && Rsa.Verify(issuer.Modulus, issuer.Exponent, digest, stated, value);
    }
}
