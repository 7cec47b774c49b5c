// Copyright (c) 2026 infoprotect.tenant_key contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

// One fixture: a JSON file in ASCII, content as base64 lines. Dictionaries keep the order they were filled in.
sealed class Fixture
{
    readonly List<KeyValuePair<string, object>> fields = new List<KeyValuePair<string, object>>();
    readonly List<KeyValuePair<string, object>> expect = new List<KeyValuePair<string, object>>();

    public Fixture(string kind, string about, byte[] content)
    {
        Set(fields, "about", about + " A test: nothing in it protects anything.");
        Set(fields, "kind", kind);
        Set(fields, "content", Lines(content));
    }

    public Fixture With(string name, object value)
    {
        Set(fields, name, value);
        return this;
    }

    public Fixture Expect(string name, object value)
    {
        Set(expect, name, value);
        return this;
    }

    static void Set(List<KeyValuePair<string, object>> list, string name, object value)
    {
        list.Add(new KeyValuePair<string, object>(name, value));
    }

    static string[] Lines(byte[] content)
    {
        string text = Convert.ToBase64String(content);
        return Enumerable.Range(0, (text.Length + 99) / 100).Select(i => text.Substring(i * 100, Math.Min(100, text.Length - i * 100))).ToArray();
    }

    public void Save(string folder, string name)
    {
        var all = new List<KeyValuePair<string, object>>(fields);
        Set(all, "expect", expect);
        var text = new StringBuilder();
        Write(text, all, "");
        File.WriteAllText(Path.Combine(folder, name + ".json"), text.Append('\n').ToString(), new ASCIIEncoding());
        Console.WriteLine(name);
    }

    static void Write(StringBuilder to, object value, string indent)
    {
        var members = value as IEnumerable<KeyValuePair<string, object>>;
        if (value == null)
            to.Append("null");
        else if (value is bool)
            to.Append((bool)value ? "true" : "false");
        else if (value is int)
            to.Append(value);
        else if (value is string)
            Quote(to, (string)value);
        else if (members != null)
            Block(to, '{', '}', indent, members.Select(m => (Action)(() =>
            {
                Quote(to, m.Key);
                to.Append(": ");
                Write(to, m.Value, indent + "  ");
            })));
        else
            Block(to, '[', ']', indent, ((IEnumerable)value).Cast<object>().Select(item => (Action)(() => Write(to, item, indent + "  "))));
    }

    static void Block(StringBuilder to, char open, char close, string indent, IEnumerable<Action> items)
    {
        to.Append(open);
        string separator = "\n";
        foreach (Action item in items)
        {
            to.Append(separator).Append(indent).Append("  ");
            item();
            separator = ",\n";
        }
        to.Append(separator == "\n" ? "" : "\n" + indent).Append(close);
    }

    static void Quote(StringBuilder to, string text)
    {
        to.Append('"');
        foreach (char c in text)
            to.Append(c == '"' || c == '\\' ? "\\" + c : c < ' ' || c > '~' ? "\\u" + ((int)c).ToString("x4") : c.ToString());
        to.Append('"');
    }
}
