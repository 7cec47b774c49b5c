// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

// Opens a reply without being told how it was made: collects every string that the document or its decrypted
// parts hold, and accepts the password that opens a TPD.
sealed class ReplyReader
{
    readonly RSACryptoServiceProvider key;
    readonly RSAParameters numbers;
    readonly HashSet<string> strings = new HashSet<string>();
    readonly List<byte[]> tpds = new List<byte[]>();

    public string Password { get; private set; }
    public byte[] Tpd { get; private set; }
    public TpdContent Content { get; private set; }

    public ReplyReader(RSACryptoServiceProvider key)
    {
        this.key = key;
        numbers = key.ExportParameters(true);
    }

    public bool Open(byte[] reply)
    {
        Read(reply);
        foreach (byte[] value in Values())
            if (value.Length > 0 && value.Length % numbers.Modulus.Length == 0)
                Unwrap(value);
        return Prove();
    }

    List<byte[]> Values()
    {
        var values = new List<byte[]>();
        foreach (string text in strings)
            try { values.Add(Convert.FromBase64String(text)); }
            catch (FormatException) { continue; }
        return values;
    }

    // A document or a fragment of one; anything else adds nothing.
    bool Read(byte[] data)
    {
        int mark = data.Length > 1 && data[0] + data[1] == 0xfe + 0xff ? 2 : data.Length > 2 && data[0] == 0xef && data[1] == 0xbb ? 3 : 0;
        Encoding encoding = mark != 2 ? new UTF8Encoding(false, true) : data[0] == 0xff ? Make.Utf16 : Make.Utf16BigEndian;
        try
        {
            string text = encoding.GetString(data, mark, data.Length - mark);
            int declared = text.StartsWith("<?xml") ? text.IndexOf("?>") + 2 : 0;
            XmlDocument document = XmlEncryption.Parse("<fragment>" + text.Substring(declared) + "</fragment>");
            if (document.DocumentElement.ChildNodes.OfType<XmlElement>().Any())
                Collect(document);
            return document.DocumentElement.ChildNodes.OfType<XmlElement>().Any();
        }
        catch (ArgumentException) { return false; }
        catch (XmlException) { return false; }
    }

    void Collect(XmlDocument document)
    {
        foreach (XmlElement inline in document.SelectNodes("//ArrayOfAnyType"))
            tpds.Add(Encoding.UTF8.GetBytes(inline.OuterXml));
        foreach (XmlNode node in document.SelectNodes("//text() | //@*"))
        {
            strings.Add(node.Value);
            strings.Add(node.Value.Trim());
        }
        if (document.InnerXml.Contains(EncryptedXml.XmlEncNamespaceUrl))
            foreach (byte[] plain in XmlEncryption.Plaintexts(document, key))
                Read(plain);
    }

    // Whether a value under RSA is a password, a key for another value, or part of a document cannot be seen: try each.
    void Unwrap(byte[] value)
    {
        int size = numbers.Modulus.Length;
        var ways = new Func<byte[], byte[]>[]
        {
            block => key.Decrypt(block, false), block => key.Decrypt(block, true), block => Rsa.DecryptOaep(numbers, "SHA256", block),
        };
        foreach (Func<byte[], byte[]> way in ways)
        {
            byte[] clear = Blocks(value, size, way);
            if (clear == null)
                continue;
            if (Read(clear))
                continue;
            strings.Add(Encoding.UTF8.GetString(clear));
            strings.Add(Encoding.Unicode.GetString(clear));
            Unlock(clear);
        }
    }

    static byte[] Blocks(byte[] value, int size, Func<byte[], byte[]> way)
    {
        var clear = new List<byte>();
        for (int start = 0; start < value.Length; start += size)
        {
            byte[] part;
            try { part = way(value.Skip(start).Take(size).ToArray()); }
            catch (CryptographicException) { return null; }
            if (part == null)
                return null;
            clear.AddRange(part);
        }
        return clear.ToArray();
    }

    void Unlock(byte[] secret)
    {
        List<byte[]> values = Values();
        foreach (int size in new[] { 16, 24, 32 }.Where(size => secret.Length == size || secret.Length == size + 16))
        {
            byte[] aesKey = secret.Take(size).ToArray();
            var starts = values.Where(value => value.Length == 16).Concat(new[] { new byte[16] }).ToList();
            if (secret.Length > size)
                starts.Add(secret.Skip(size).ToArray());
            foreach (byte[] value in values.Where(value => value.Length > 32 && value.Length % 16 == 0))
            {
                foreach (byte[] iv in starts)
                    Decrypt(value, aesKey, iv);
                Decrypt(value.Skip(16).ToArray(), aesKey, value.Take(16).ToArray());
            }
        }
    }

    void Decrypt(byte[] value, byte[] aesKey, byte[] iv)
    {
        using (var cipher = new AesCryptoServiceProvider { Mode = CipherMode.CBC, Padding = PaddingMode.PKCS7, Key = aesKey, IV = iv })
        using (ICryptoTransform transform = cipher.CreateDecryptor())
            try { Read(transform.TransformFinalBlock(value, 0, value.Length)); }
            catch (CryptographicException) { return; }
    }

    bool Prove()
    {
        IEnumerable<byte[]> candidates = tpds.Concat(Values().Where(value => value.Length > 500));
        foreach (byte[] tpd in candidates.ToList())
            foreach (string password in strings.Where(text => text.Length > 0 && text.Length < 500))
                foreach (int version in new[] { 2, 1 })
                    if (Opens(tpd, password, version))
                        return true;
        return false;
    }

    bool Opens(byte[] tpd, string password, int version)
    {
        try { Content = TpdFile.Open(tpd, password, version); }
        catch (InvalidOperationException) { return false; }
        catch (CryptographicException) { return false; }
        catch (FormatException) { return false; }
        Password = password;
        Tpd = tpd;
        return Content.Domain.m_ttdki != null;
    }
}
