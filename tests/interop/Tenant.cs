// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

// A throw-away hierarchy shaped like the production one (server, enrolment service, enrolment CA, CA, root),
// and TPD contents under it. Every name says that it is a test.
sealed class TestTenant
{
    public const string FullPath = "https://interop-test.rms.example/_wmcs";
    public readonly string Guid = "{" + System.Guid.NewGuid() + "}";
    public readonly RSACryptoServiceProvider Key;
    public readonly int Mode;
    public string[] Chain;
    public string[] Templates;

    readonly XrmlParty server;
    string Digest { get { return Mode == 1 ? "SHA1" : "SHA256"; } }

    public TestTenant(int mode, TestHierarchy hierarchy)
    {
        Mode = mode;
        Key = Rsa.New(mode == 1 ? 1024 : 2048);
        server = new XrmlParty
        {
            Type = "MS-DRM-Server", IdType = "MS-GUID", Id = Guid, Name = "INTEROP TEST SERVER", Address = FullPath,
            Key = Key.ExportParameters(true),
            Levels = "<SECURITYLEVEL name=\"Server-Version\" value=\"1.0.0.0\" /><SECURITYLEVEL name=\"Server-SKU\" value=\"INTEROP TEST\" />",
        };
        string certificate = Xrml.Certificate("Server-Licensor-Certificate", hierarchy.Service, server, Digest);
        Chain = new[] { certificate }.Concat(hierarchy.Certificates).ToArray();
        Templates = new[]
        {
            Template("LCID 1033:NAME INTEROP TEST Confidential:DESCRIPTION Only for the interop test.;\n"
                + "LCID 1031:NAME INTEROP TEST Vertraulich:DESCRIPTION Nur f\u00fcr den Test, \u00dcbung &amp; mehr.;\n"
                + "LCID 1032:NAME INTEROP TEST \u0395\u03bc\u03c0\u03b9\u03c3\u03c4\u03b5\u03c5\u03c4\u03b9\u03ba\u03cc:DESCRIPTION \u039c\u03cc\u03bd\u03bf \u03b3\u03b9\u03b1 \u03b4\u03bf\u03ba\u03b9\u03bc\u03ae.;\n",
                FullPath + "/licensing"),
            Template(" LCID 1041:NAME INTEROP TEST \u793e\u5916\u79d8:DESCRIPTION \u30c6\u30b9\u30c8 \ud83d\udd12;LCID 1033:NAME INTEROP TEST View Only:DESCRIPTION ;", null),
        };
    }

    string Template(string name, string extranet)
    {
        return Xrml.Template(server, "{" + System.Guid.NewGuid() + "}", name, FullPath + "/licensing", extranet, Digest);
    }

    // small: the first certificate only, and no template: enough where the test is about something else.
    public TpdContent Content(bool small)
    {
        return new TpdContent
        {
            KeyBlob = Key.ExportCspBlob(true),
            Domain = new TrustedDocDomain
            {
                m_ttdki = new TenantKeyInformation
                {
                    strID = Guid, strIDType = "MS-GUID", nCSPType = Mode == 1 ? 1 : 24,
                    strCSPName = Mode == 1 ? "Microsoft Enhanced Cryptographic Provider v1.0"
                                           : "Microsoft Enhanced RSA and AES Cryptographic Provider",
                    strKeyContainerName = "", nKeyNumber = 1, strEncryptedPrivateKey = "",
                },
                m_strLicensorCertChain = small ? Chain.Take(1).ToArray() : Chain,
                m_astrRightsTemplates = small ? new string[0] : Templates,
            },
        };
    }
}

sealed class TestHierarchy
{
    public readonly XrmlParty Service;
    public readonly List<string> Certificates = new List<string>();

    public TestHierarchy(int mode)
    {
        string digest = mode == 1 ? "SHA1" : "SHA256";
        int bits = mode == 1 ? 1024 : 2048;
        XrmlParty root = Authority("INTEROP TEST Root", 2048);
        XrmlParty authority = Authority("INTEROP TEST CA", 2048);
        XrmlParty enrolment = Authority("INTEROP TEST Server Enrollment CA", bits);
        Service = new XrmlParty
        {
            Type = "MS-DRM-Server", IdType = "MS-GUID", Id = "{" + Guid.NewGuid() + "}",
            Name = "INTEROP TEST Enrollment Service", Key = Rsa.New(bits).ExportParameters(true),
        };
        Certificates.Add(Xrml.Certificate("Server-Licensor-Certificate", enrolment, Service, digest));
        Certificates.Add(Xrml.Certificate("DRM-CA-Certificate", authority, enrolment, digest));
        Certificates.Add(Xrml.Certificate("DRM-CA-Certificate", root, authority, digest));
    }

    static XrmlParty Authority(string name, int bits)
    {
        return new XrmlParty
        {
            Type = "DRM-Certificate-Authority", IdType = "ascii-tag", Id = name, Name = name,
            Key = Rsa.New(bits).ExportParameters(true),
        };
    }
}
