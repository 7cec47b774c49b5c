// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Security;
using System.Text;

// What support would send back: a password and the TPD it opens, and the fixture that says so.
sealed class ReplyCase
{
    public readonly string Password;
    public readonly byte[] Tpd;
    readonly TpdContent content;
    readonly int version;

    public ReplyCase(TpdContent content, string password = MakeTpds.Password, int version = 2, Encoding encoding = null)
    {
        this.content = content;
        this.version = version;
        Password = password;
        Tpd = TpdFile.Serialize(TpdFile.Seal(content, password, version), encoding);
    }

    public string TpdBase64
    {
        get { return Convert.ToBase64String(Tpd, Base64FormattingOptions.InsertLineBreaks).Replace("\r\n", "\n"); }
    }

    // The exported TPD as an element of another document: without its XML declaration.
    public string TpdInline
    {
        get { return Encoding.UTF8.GetString(Tpd).Replace("<?xml version=\"1.0\"?>", "").Trim(); }
    }

    public string Document
    {
        get { return "<TenantKey><Password>" + Escape(Password) + "</Password><Tpd>" + TpdBase64 + "</Tpd></TenantKey>"; }
    }

    public static string Escape(string text)
    {
        return SecurityElement.Escape(text);
    }

    // inline: the TPD travels as an element, so its bytes may come back in another layout.
    public Fixture Fixture(string about, byte[] reply, bool inline = false)
    {
        Fixture fixture = new Fixture("reply", "A reply: " + about + ".", reply).With("private_key", "key-private-rsakeyvalue")
            .Expect("password", Password);
        if (!inline)
            fixture.Expect("tpd_sha256", Rsa.Sha256(Tpd));
        return MakeTpds.Facts(fixture, content, version);
    }
}
