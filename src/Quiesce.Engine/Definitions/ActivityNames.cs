using System.Text;

namespace Quiesce.Engine;

/// <summary>The name forms that Elsa derives from one another.</summary>
public static class ActivityNames
{
    /// <summary>"Sub Process" → "SubProcess": spaces and underscores removed, the next letter upper-cased, other characters kept.</summary>
    public static string Pascalize(string name)
    {
        var text = new StringBuilder(name.Length);
        var upper = true;
        foreach (var c in name)
        {
            if (c is ' ' or '_')
            {
                upper = true;
                continue;
            }

            text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return text.ToString();
    }

    /// <summary>"My Input" → "myInput", "ID" → "iD".</summary>
    public static string Camelize(string name)
    {
        var pascal = Pascalize(name);
        return pascal.Length == 0 ? pascal : char.ToLowerInvariant(pascal[0]) + pascal[1..];
    }

    /// <summary>"Elsa.WriteLine" → "WriteLine".</summary>
    public static string ShortType(string typeName) => typeName[(typeName.LastIndexOf('.') + 1)..];

    /// <summary>The member that holds a Pascal-case input, output or port: its first letter in lower case.</summary>
    public static string Member(string name) => name.Length == 0 || char.IsLower(name[0]) ? name : char.ToLowerInvariant(name[0]) + name[1..];
}
