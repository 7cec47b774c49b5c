// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

// Replies without XML Encryption: RSA around a password or an AES key, or around everything, block by block.
sealed class MakeHybrids
{
    readonly string folder;
    readonly RSACryptoServiceProvider key;
    readonly RSAParameters numbers;
    readonly ReplyCase reply, greek;

    public MakeHybrids(string folder, TestTenant oldTenant, RSACryptoServiceProvider key)
    {
        this.folder = folder;
        this.key = key;
        numbers = key.ExportParameters(false);
        reply = new ReplyCase(oldTenant.Content(true));
        greek = new ReplyCase(oldTenant.Content(true), MakeTpds.Greek);
    }

    byte[] Pkcs1(byte[] data)
    {
        return key.Encrypt(data, false);
    }

    byte[] OaepSha1(byte[] data)
    {
        return key.Encrypt(data, true);
    }

    byte[] OaepSha256(byte[] data)
    {
        return Rsa.EncryptOaep(numbers, "SHA256", data);
    }

    public void Run()
    {
        Password("oaep-utf8", "password in UTF-8 under OAEP with SHA-1", reply, OaepSha1, Make.Utf8);
        Password("pkcs1-utf16", "password in UTF-16LE under PKCS #1 v1.5", reply, Pkcs1, new UnicodeEncoding(false, false));
        Password("oaep256-utf8", "password in UTF-8 under OAEP with SHA-256", reply, OaepSha256, Make.Utf8);
        Password("oaep-nonascii-utf16", "password outside ASCII in UTF-16LE under OAEP with SHA-1", greek, OaepSha1, new UnicodeEncoding(false, false));
        Password("pkcs1-nonascii-utf8", "password outside ASCII in UTF-8 under PKCS #1 v1.5", greek, Pkcs1, Make.Utf8);
        string element = "<Reply><Secret>" + Convert.ToBase64String(OaepSha1(Encoding.UTF8.GetBytes(reply.Password))) + "</Secret>" + reply.TpdInline + "</Reply>";
        Save("hybrid-password-inline", "encrypted password beside the TPD as an element", reply, element, true);
        string attributes = "<Reply secret=\"" + Convert.ToBase64String(Pkcs1(Encoding.UTF8.GetBytes(reply.Password))) + "\" tpd=\"" + Convert.ToBase64String(reply.Tpd) + "\" />";
        Save("hybrid-password-attributes", "encrypted password and TPD as attributes", reply, attributes);

        byte[] aesKey = Rsa.Random(32), iv = Rsa.Random(16), document = Encoding.UTF8.GetBytes(reply.Document);
        Session("iv-given", "AES-256 key, the IV beside it", OaepSha1(aesKey), iv, Aes(document, aesKey, iv));
        Session("iv-joined", "AES-256 key and IV under RSA together", Pkcs1(aesKey.Concat(iv).ToArray()), null, Aes(document, aesKey, iv));
        Session("iv-prefixed", "AES-192 key, the IV before the cipher text", OaepSha256(aesKey.Take(24).ToArray()), null,
                iv.Concat(Aes(document, aesKey.Take(24).ToArray(), iv)).ToArray());
        Session("iv-zero", "AES-128 key, an IV of zeros", Pkcs1(aesKey.Take(16).ToArray()), null, Aes(document, aesKey.Take(16).ToArray(), new byte[16]));
        string apart = "<Reply><P>" + Convert.ToBase64String(OaepSha1(Encoding.UTF8.GetBytes(reply.Password))) + "</P><K>"
            + Convert.ToBase64String(OaepSha1(aesKey)) + "</K><T>" + Convert.ToBase64String(iv.Concat(Aes(reply.Tpd, aesKey, iv)).ToArray()) + "</T></Reply>";
        Save("hybrid-session-apart", "password under RSA, TPD alone under an AES key that is under RSA too", reply, apart);

        Save("blocks-pkcs1", "the whole document block by block under PKCS #1 v1.5", reply, Blocks(document, 245, Pkcs1));
        Save("blocks-oaep", "the whole document block by block under OAEP with SHA-1", reply, Blocks(document, 214, OaepSha1));
    }

    void Password(string name, string about, ReplyCase of, Func<byte[], byte[]> encrypt, Encoding encoding)
    {
        string secret = Convert.ToBase64String(encrypt(encoding.GetBytes(of.Password)));
        Save("hybrid-password-" + name, about, of, "<Reply><Password>" + secret + "</Password><Tpd>" + of.TpdBase64 + "</Tpd></Reply>");
    }

    void Session(string name, string about, byte[] wrapped, byte[] iv, byte[] cipher)
    {
        string given = iv == null ? "" : "<Iv>" + Convert.ToBase64String(iv) + "</Iv>";
        Save("hybrid-session-" + name, about, reply, "<Reply><Key>" + Convert.ToBase64String(wrapped) + "</Key>" + given
            + "<Data>" + Convert.ToBase64String(cipher, Base64FormattingOptions.InsertLineBreaks) + "</Data></Reply>");
    }

    static byte[] Aes(byte[] data, byte[] aesKey, byte[] iv)
    {
        using (var cipher = new AesCryptoServiceProvider { Mode = CipherMode.CBC, Padding = PaddingMode.PKCS7, Key = aesKey, IV = iv })
        using (ICryptoTransform transform = cipher.CreateEncryptor())
            return transform.TransformFinalBlock(data, 0, data.Length);
    }

    static string Blocks(byte[] data, int size, Func<byte[], byte[]> encrypt)
    {
        var blocks = Enumerable.Range(0, (data.Length + size - 1) / size).SelectMany(i => encrypt(data.Skip(i * size).Take(size).ToArray()));
        return "<Reply><Data>" + Convert.ToBase64String(blocks.ToArray(), Base64FormattingOptions.InsertLineBreaks) + "</Data></Reply>";
    }

    void Save(string name, string about, ReplyCase of, string xml, bool inline = false)
    {
        of.Fixture(about, Make.Bytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n" + xml, Make.Utf8), inline).Save(folder, "reply-" + name);
    }
}
