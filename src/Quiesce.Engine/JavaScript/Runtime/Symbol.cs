namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A symbol, or (with <paramref name="isPrivate"/>) the identity of a class's #name, which no reflection shows.</summary>
internal sealed class Symbol(string? description, bool isPrivate = false)
{
    public static readonly Symbol Iterator = new("Symbol.iterator");
    public static readonly Symbol AsyncIterator = new("Symbol.asyncIterator");
    public static readonly Symbol HasInstance = new("Symbol.hasInstance");
    public static readonly Symbol ToPrimitive = new("Symbol.toPrimitive");
    public static readonly Symbol ToStringTag = new("Symbol.toStringTag");
    public static readonly Symbol IsConcatSpreadable = new("Symbol.isConcatSpreadable");
    public static readonly Symbol Species = new("Symbol.species");
    public static readonly Symbol Match = new("Symbol.match");
    public static readonly Symbol MatchAll = new("Symbol.matchAll");
    public static readonly Symbol Replace = new("Symbol.replace");
    public static readonly Symbol Search = new("Symbol.search");
    public static readonly Symbol Split = new("Symbol.split");
    public static readonly Symbol Unscopables = new("Symbol.unscopables");

    public string? Description => description;
    public bool IsPrivate => isPrivate;

    public override string ToString() => $"Symbol({description})";
}

/// <summary>A property's key, a string or a symbol, with its hash kept.</summary>
internal readonly struct PropertyKey : IEquatable<PropertyKey>
{
    private static readonly PropertyKey[] Small = [.. Enumerable.Range(0, 256).Select(i => new PropertyKey(i.ToString()))];

    public readonly object Ref;
    public readonly int Hash;

    public PropertyKey(string name)
    {
        Ref = name;
        Hash = name.GetHashCode();
    }

    public PropertyKey(Symbol symbol)
    {
        Ref = symbol;
        Hash = symbol.GetHashCode();
    }

    public static implicit operator PropertyKey(string name) => new(name);

    public static implicit operator PropertyKey(Symbol symbol) => new(symbol);

    public static PropertyKey Of(uint index) => index < (uint)Small.Length ? Small[index] : new(index.ToString());

    public static PropertyKey Of(JsValue value)
    {
        if (value.Ref is string text)
            return new(text);
        if (value.IsNumber && value.Number is >= 0 and < uint.MaxValue && value.Number == (uint)value.Number)
            return Of((uint)value.Number);
        if (value.IsObject)
            value = Coerce.ToPrimitive(value, "string");
        return value.Ref is Symbol symbol ? new(symbol) : new(Coerce.ToText(value));
    }

    public bool IsSymbol => Ref is Symbol;
    public bool IsPrivate => Ref is Symbol { IsPrivate: true };
    public string? Name => Ref as string;

    public JsValue ToValue() => Ref is Symbol symbol ? symbol : (JsValue)(string)Ref;

    /// <summary>True for the canonical form of an array index (0 … 2^32 − 2).</summary>
    public bool IsIndex(out uint index)
    {
        index = 0;
        if (Ref is not string { Length: > 0 and <= 10 } text || !char.IsAsciiDigit(text[0]) || text[0] == '0' && text.Length > 1)
            return false;
        ulong value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = value * 10 + (uint)(c - '0');
        }

        index = (uint)value;
        return value < uint.MaxValue;
    }

    public bool Equals(PropertyKey other) => Hash == other.Hash && (ReferenceEquals(Ref, other.Ref) || Ref is string a && other.Ref is string b && a == b);

    public override bool Equals(object? obj) => obj is PropertyKey other && Equals(other);

    public override int GetHashCode() => Hash;

    public override string ToString() => Ref.ToString()!;
}
