// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

// RSA as the formats need it: PKCS #1 by hand where mono's own classes lack SHA-256.
static class Rsa
{
    static readonly byte[] Sha1Info = Hex("3021300906052b0e03021a05000414");
    static readonly byte[] Sha256Info = Hex("3031300d060960864801650304020105000420");

    public static RSACryptoServiceProvider New(int bits)
    {
        return new RSACryptoServiceProvider(bits);
    }

    public static RSACryptoServiceProvider From(RSAParameters parameters)
    {
        var key = new RSACryptoServiceProvider();
        key.ImportParameters(parameters);
        return key;
    }

    public static byte[] Hash(string algorithm, byte[] data)
    {
        using (HashAlgorithm hash = HashAlgorithm.Create(algorithm))
            return hash.ComputeHash(data);
    }

    // RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2) over a digest that exists already.
    public static byte[] Sign(RSAParameters key, string algorithm, byte[] digest)
    {
        byte[] block = SignatureBlock(algorithm, digest, key.Modulus.Length);
        return ToBytes(BigInteger.ModPow(ToNumber(block), ToNumber(key.D), ToNumber(key.Modulus)), key.Modulus.Length);
    }

    public static bool Verify(byte[] modulus, byte[] exponent, string algorithm, byte[] digest, byte[] signature)
    {
        if (signature.Length != modulus.Length)
            return false;
        BigInteger opened = BigInteger.ModPow(ToNumber(signature), ToNumber(exponent), ToNumber(modulus));
        return ToBytes(opened, modulus.Length).SequenceEqual(SignatureBlock(algorithm, digest, modulus.Length));
    }

    static byte[] SignatureBlock(string algorithm, byte[] digest, int length)
    {
        byte[] info = (algorithm == "SHA1" ? Sha1Info : Sha256Info).Concat(digest).ToArray();
        byte[] filler = Enumerable.Repeat((byte)0xff, length - 3 - info.Length).ToArray();
        return new byte[] { 0, 1 }.Concat(filler).Concat(new byte[] { 0 }).Concat(info).ToArray();
    }

    // RSAES-OAEP (RFC 8017 section 7.1.1) with one digest for label and mask, empty label.
    public static byte[] EncryptOaep(RSAParameters key, string algorithm, byte[] message)
    {
        byte[] label = Hash(algorithm, new byte[0]);
        int length = key.Modulus.Length;
        byte[] data = label.Concat(new byte[length - message.Length - 2 * label.Length - 2])
            .Concat(new byte[] { 1 }).Concat(message).ToArray();
        byte[] seed = Random(label.Length);
        byte[] masked = Xor(data, Mask(algorithm, seed, data.Length));
        byte[] maskedSeed = Xor(seed, Mask(algorithm, masked, seed.Length));
        byte[] block = new byte[] { 0 }.Concat(maskedSeed).Concat(masked).ToArray();
        BigInteger cipher = BigInteger.ModPow(ToNumber(block), ToNumber(key.Exponent), ToNumber(key.Modulus));
        return ToBytes(cipher, length);
    }

    // RFC 8017 section 7.1.2. Null where the block is not one of these.
    public static byte[] DecryptOaep(RSAParameters key, string algorithm, byte[] cipher)
    {
        int length = key.Modulus.Length;
        byte[] block = ToBytes(BigInteger.ModPow(ToNumber(cipher), ToNumber(key.D), ToNumber(key.Modulus)), length);
        byte[] label = Hash(algorithm, new byte[0]);
        byte[] masked = block.Skip(1 + label.Length).ToArray();
        byte[] seed = Xor(block.Skip(1).Take(label.Length).ToArray(), Mask(algorithm, masked, label.Length));
        byte[] data = Xor(masked, Mask(algorithm, seed, masked.Length));
        byte[] rest = data.Skip(label.Length).SkipWhile(b => b == 0).ToArray();
        bool right = block[0] == 0 && data.Take(label.Length).SequenceEqual(label) && rest.Length > 0 && rest[0] == 1;
        return right ? rest.Skip(1).ToArray() : null;
    }

    static byte[] Mask(string algorithm, byte[] seed, int length)
    {
        var mask = new List<byte>();
        for (byte counter = 0; mask.Count < length; counter++)
            mask.AddRange(Hash(algorithm, seed.Concat(new byte[] { 0, 0, 0, counter }).ToArray()));
        return mask.Take(length).ToArray();
    }

    static byte[] Xor(byte[] left, byte[] right)
    {
        return left.Zip(right, (a, b) => (byte)(a ^ b)).ToArray();
    }

    public static byte[] Random(int count)
    {
        var bytes = new byte[count];
        using (var source = new RNGCryptoServiceProvider())
            source.GetBytes(bytes);
        return bytes;
    }

    // Big-endian, unsigned, as RSAParameters holds its numbers.
    static BigInteger ToNumber(byte[] bigEndian)
    {
        return new BigInteger(bigEndian.Reverse().Concat(new byte[] { 0 }).ToArray());
    }

    static byte[] ToBytes(BigInteger number, int length)
    {
        byte[] little = number.ToByteArray();
        return Enumerable.Range(0, length).Select(i => length - 1 - i < little.Length ? little[length - 1 - i] : (byte)0).ToArray();
    }

    public static string Hex(byte[] bytes)
    {
        return string.Concat(bytes.Select(b => b.ToString("x2")));
    }

    public static byte[] Hex(string text)
    {
        return Enumerable.Range(0, text.Length / 2).Select(i => Convert.ToByte(text.Substring(2 * i, 2), 16)).ToArray();
    }

    public static string Sha256(byte[] bytes)
    {
        return Hex(Hash("SHA256", bytes));
    }

    public static string Sha256(string text)
    {
        return Sha256(Encoding.UTF8.GetBytes(text));
    }
}
