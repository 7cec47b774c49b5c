// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

// Where the EncryptedKey stands and what points from the EncryptedData to it.
enum KeyPlace { Inside, InsideX509, InsideKeyValue, BesideByName, BesideByRetrieval, BesideByReference, BesideUnreferenced }

// XML Encryption as .NET's EncryptedXml writes it, and as the W3C text allows beyond that.
static class XmlEncryption
{
    public static XmlDocument Parse(string xml)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(xml);
        return document;
    }

    // Encrypts one element, or its content, in place. Gives back the plain text that was encrypted.
    public static byte[] Encrypt(XmlElement element, bool content, RSACryptoServiceProvider key, string algorithm, bool oaep, KeyPlace place)
    {
        byte[] plain = new UTF8Encoding(false).GetBytes(content ? element.InnerXml : element.OuterXml);
        var data = new EncryptedData { Type = content ? EncryptedXml.XmlEncElementContentUrl : EncryptedXml.XmlEncElementUrl };
        EncryptedKey separate = Fill(data, plain, key, algorithm, oaep, place);
        XmlDocument document = element.OwnerDocument;
        EncryptedXml.ReplaceElement(element, data, content);
        if (separate != null)
            document.DocumentElement.AppendChild(document.ImportNode(separate.GetXml(), true));
        return plain;
    }

    // An EncryptedData without Type, alone in its document: the plain text is bytes, whatever they are.
    public static string EncryptBytes(byte[] plain, RSACryptoServiceProvider key, string algorithm, bool oaep)
    {
        var data = new EncryptedData();
        Fill(data, plain, key, algorithm, oaep, KeyPlace.Inside);
        return data.GetXml().OuterXml;
    }

    static EncryptedKey Fill(EncryptedData data, byte[] plain, RSACryptoServiceProvider key, string algorithm, bool oaep, KeyPlace place)
    {
        using (SymmetricAlgorithm session = Session(algorithm))
        {
            data.EncryptionMethod = new EncryptionMethod(algorithm);
            data.CipherData.CipherValue = new EncryptedXml().EncryptData(plain, session);
            var wrapped = new EncryptedKey
            {
                CipherData = new CipherData(EncryptedXml.EncryptKey(session.Key, key, oaep)),
                EncryptionMethod = new EncryptionMethod(oaep ? EncryptedXml.XmlEncRSAOAEPUrl : EncryptedXml.XmlEncRSA15Url),
            };
            return Place(data, wrapped, key, place);
        }
    }

    static EncryptedKey Place(EncryptedData data, EncryptedKey wrapped, RSACryptoServiceProvider key, KeyPlace place)
    {
        switch (place)
        {
            case KeyPlace.Inside:
                wrapped.KeyInfo.AddClause(new KeyInfoName("rsaKey"));
                break;
            case KeyPlace.InsideX509:
                wrapped.KeyInfo.AddClause(new KeyInfoX509Data(Certificate(key)));
                break;
            case KeyPlace.InsideKeyValue:
                wrapped.KeyInfo.AddClause(new RSAKeyValue(key));
                break;
            case KeyPlace.BesideByName:
                wrapped.CarriedKeyName = "sessionKey";
                data.KeyInfo.AddClause(new KeyInfoName("sessionKey"));
                return wrapped;
            case KeyPlace.BesideByRetrieval:
                wrapped.Id = "sessionKey";
                data.KeyInfo.AddClause(new KeyInfoRetrievalMethod("#sessionKey", EncryptedXml.XmlEncEncryptedKeyUrl));
                return wrapped;
            case KeyPlace.BesideByReference:
                data.Id = "tenantKey";
                wrapped.AddReference(new DataReference("#tenantKey"));
                return wrapped;
            case KeyPlace.BesideUnreferenced:
                return wrapped;
        }
        data.KeyInfo.AddClause(new KeyInfoEncryptedKey(wrapped));
        return null;
    }

    static X509Certificate2 Certificate(RSACryptoServiceProvider key)
    {
        var builder = new Mono.Security.X509.X509CertificateBuilder(3)
        {
            SerialNumber = new byte[] { 1 }, IssuerName = "CN=INTEROP TEST", SubjectName = "CN=INTEROP TEST",
            NotBefore = new DateTime(2026, 1, 1), NotAfter = new DateTime(2036, 1, 1), SubjectPublicKey = key, Hash = "SHA256",
        };
        return new X509Certificate2(builder.Sign(Rsa.New(2048)));
    }

    static SymmetricAlgorithm Session(string algorithm)
    {
        if (algorithm == EncryptedXml.XmlEncTripleDESUrl)
            return new TripleDESCryptoServiceProvider();
        int bits = algorithm == EncryptedXml.XmlEncAES128Url ? 128 : algorithm == EncryptedXml.XmlEncAES192Url ? 192 : 256;
        return new RijndaelManaged { KeySize = bits };
    }

    // What .NET's own reader makes of a document: every EncryptedData replaced by its plain text.
    public static XmlDocument Decrypt(string xml, RSACryptoServiceProvider key)
    {
        XmlDocument document = Parse(xml);
        new OneKeyReader(document, key).DecryptDocument();
        return document;
    }

    // .NET asks an EncryptedKey for the name of the key that opens it; here there is but one key, whatever its name.
    sealed class OneKeyReader : EncryptedXml
    {
        readonly RSACryptoServiceProvider key;

        public OneKeyReader(XmlDocument document, RSACryptoServiceProvider key) : base(document)
        {
            this.key = key;
        }

        public override byte[] DecryptEncryptedKey(EncryptedKey wrapped)
        {
            return DecryptKey(wrapped.CipherData.CipherValue, key, wrapped.EncryptionMethod.KeyAlgorithm != XmlEncRSA15Url);
        }
    }

    // The plain text of each EncryptedData, by whichever EncryptedKey opens with the key given, whatever KeyInfo says.
    public static List<byte[]> Plaintexts(XmlDocument document, RSACryptoServiceProvider key)
    {
        var names = new XmlNamespaceManager(document.NameTable);
        names.AddNamespace("e", EncryptedXml.XmlEncNamespaceUrl);
        var found = new List<byte[]>();
        foreach (XmlElement element in document.SelectNodes("//e:EncryptedData", names))
        {
            XmlNodeList own = element.SelectNodes(".//e:EncryptedKey", names);
            var data = new EncryptedData();
            data.LoadXml(element);
            found.Add(Plaintext(data, own.Count > 0 ? own : document.SelectNodes("//e:EncryptedKey", names), key));
        }
        return found;
    }

    static byte[] Plaintext(EncryptedData data, XmlNodeList wrappedKeys, RSACryptoServiceProvider key)
    {
        foreach (XmlElement element in wrappedKeys)
        {
            var wrapped = new EncryptedKey();
            wrapped.LoadXml(element);
            bool oaep = wrapped.EncryptionMethod.KeyAlgorithm != EncryptedXml.XmlEncRSA15Url;
            using (SymmetricAlgorithm session = Session(data.EncryptionMethod.KeyAlgorithm))
                try
                {
                    session.Key = EncryptedXml.DecryptKey(wrapped.CipherData.CipherValue, key, oaep);
                    return new EncryptedXml().DecryptData(data, session);
                }
                catch (CryptographicException) { continue; }
        }
        throw new CryptographicException("no EncryptedKey opens with this key");
    }
}
