// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// An implementation of the file formats that shares nothing with the Python one: it was written from the
// description in docs/formats.md, and uses .NET's own serialiser, key derivation and XML Encryption (mono's).

using System;
using System.Security.Cryptography;
using System.Security.Cryptography.Xml;

static class TenantKey
{
    const string Usage = "usage: TenantKey.exe make FOLDER | check FOLDER";

    static int Main(string[] arguments)
    {
        RegisterXmlEncryption();
        if (arguments.Length == 2 && arguments[0] == "make")
            return Make.Run(arguments[1]);
        if (arguments.Length == 2 && arguments[0] == "check")
            return Check.Run(arguments[1]);
        Console.Error.WriteLine(Usage);
        return 2;
    }

    // mono 6.8 brings EncryptedXml without the algorithm names that it asks CryptoConfig for.
    static void RegisterXmlEncryption()
    {
        CryptoConfig.AddAlgorithm(typeof(TripleDESCryptoServiceProvider), EncryptedXml.XmlEncTripleDESUrl);
        CryptoConfig.AddAlgorithm(typeof(RijndaelManaged),
            EncryptedXml.XmlEncAES128Url, EncryptedXml.XmlEncAES192Url, EncryptedXml.XmlEncAES256Url);
    }
}
