// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Serialization;

// The two serialised types of an exported TPD. Member names are the element names.
public class EncryptedTrustedDocDomain
{
    public string m_strTrustedDocDomainInfo;
    public string m_strKeyData;
}

public class TrustedDocDomain
{
    public TenantKeyInformation m_ttdki;
    public string[] m_strLicensorCertChain;
    public string[] m_astrRightsTemplates;
}

public class TenantKeyInformation
{
    public string strID;
    public string strIDType;
    public int nCSPType;
    public string strCSPName;
    public string strKeyContainerName;
    public int nKeyNumber;
    public string strEncryptedPrivateKey;
}

// What is inside a TPD, in the clear.
sealed class TpdContent
{
    public TrustedDocDomain Domain;
    public byte[] KeyBlob;
}

static class TpdFile
{
    static readonly byte[] Iv = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();

    static SymmetricAlgorithm Cipher(string password, int version)
    {
        byte[] key = version == 2
            ? Rsa.Hash("SHA256", Encoding.Unicode.GetBytes(password)).Take(16).ToArray()
            : new PasswordDeriveBytes(password, null).GetBytes(16);
        return new AesCryptoServiceProvider { Mode = CipherMode.CBC, Padding = PaddingMode.PKCS7, Key = key, IV = Iv };
    }

    public static string Encrypt(byte[] clear, string password, int version)
    {
        using (SymmetricAlgorithm cipher = Cipher(password, version))
        using (ICryptoTransform transform = cipher.CreateEncryptor())
            return Convert.ToBase64String(transform.TransformFinalBlock(clear, 0, clear.Length));
    }

    public static byte[] Decrypt(string base64, string password, int version)
    {
        byte[] data = Convert.FromBase64String(base64);
        using (SymmetricAlgorithm cipher = Cipher(password, version))
        using (ICryptoTransform transform = cipher.CreateDecryptor())
            return transform.TransformFinalBlock(data, 0, data.Length);
    }

    static XmlSerializer Serializer<T>()
    {
        return new XmlSerializer(typeof(ArrayList), new[] { typeof(T) });
    }

    // A null encoding gives what XmlSerializer writes to a plain stream: UTF-8, no BOM, no declared encoding.
    public static byte[] Serialize<T>(T item, Encoding encoding)
    {
        var stream = new MemoryStream();
        var writer = new XmlTextWriter(stream, encoding) { Formatting = Formatting.Indented };
        Serializer<T>().Serialize(writer, new ArrayList { item });
        writer.Flush();
        return stream.ToArray();
    }

    // By way of a .NET string: the text then declares utf-16 whatever the bytes are.
    public static string SerializeText<T>(T item)
    {
        var writer = new StringWriter();
        Serializer<T>().Serialize(writer, new ArrayList { item });
        return writer.ToString();
    }

    public static T Deserialize<T>(byte[] data)
    {
        string text = new StreamReader(new MemoryStream(data), Encoding.UTF8, true).ReadToEnd();
        var list = (ArrayList)Serializer<T>().Deserialize(new XmlTextReader(new StringReader(text)));
        if (list.Count != 1)
            throw new FormatException(list.Count + " elements in place of one");
        return (T)list[0];
    }

    public static EncryptedTrustedDocDomain Seal(TpdContent content, string password, int version, byte[] inner = null)
    {
        return new EncryptedTrustedDocDomain
        {
            m_strTrustedDocDomainInfo = Encrypt(inner ?? Serialize(content.Domain, null), password, version),
            m_strKeyData = content.KeyBlob == null ? null : Encrypt(content.KeyBlob, password, version),
        };
    }

    public static TpdContent Open(byte[] data, string password, int version)
    {
        var sealedDomain = Deserialize<EncryptedTrustedDocDomain>(data);
        string key = sealedDomain.m_strKeyData;
        return new TpdContent
        {
            Domain = Deserialize<TrustedDocDomain>(Decrypt(sealedDomain.m_strTrustedDocDomainInfo, password, version)),
            KeyBlob = string.IsNullOrEmpty(key) ? null : Decrypt(key, password, version),
        };
    }
}
