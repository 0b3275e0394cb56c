using System.Globalization;
using System.Numerics;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>The language's conversions.</summary>
internal static class Coerce
{
    public static bool ToBool(JsValue value) => value.Ref switch
    {
        null => false,
        Tag tag => tag == Tag.Number ? value.Number != 0 && !double.IsNaN(value.Number) : tag == Tag.True,
        string text => text.Length > 0,
        BigInteger big => !big.IsZero,
        _ => true,
    };

    public static double ToNumber(JsValue value)
    {
        if (value.IsNumber)
            return value.Number;
        return value.Ref switch
        {
            null => double.NaN,
            Tag tag => tag == Tag.True ? 1 : 0,
            string text => Numbers.Parse(text),
            Rope rope => Numbers.Parse(rope.ToString()),
            Symbol => throw Errors.Type("A symbol cannot become a number."),
            BigInteger => throw Errors.Type("A BigInt cannot become a number by itself: use Number(…)."),
            _ => ToNumber(ToPrimitive(value, "number")),
        };
    }

    public static JsValue ToNumeric(JsValue value)
    {
        if (value.IsNumber)
            return value;
        if (value.IsObject)
            value = ToPrimitive(value, "number");
        return value.IsBigInt ? value : ToNumber(value);
    }

    /// <summary>Truncated; NaN becomes 0, infinities stay.</summary>
    public static double ToInteger(JsValue value)
    {
        var number = ToNumber(value);
        return double.IsNaN(number) ? 0 : Math.Truncate(number) + 0.0;
    }

    public static int ToInt32(JsValue value) => ToInt32(ToNumber(value));

    public static int ToInt32(double number)
    {
        var quick = (int)number;
        if (quick == number)
            return quick;
        if (!double.IsFinite(number))
            return 0;
        return unchecked((int)(uint)(ulong)(long)Math.IEEERemainder(Math.Truncate(number), 4294967296.0));
    }

    public static uint ToUInt32(JsValue value) => unchecked((uint)ToInt32(value));

    public static double ToLength(JsValue value) => Math.Clamp(ToInteger(value), 0, 9007199254740991);

    public static double LengthOf(JsObject value) => value is JsArray array ? array.Length : ToLength(value.Get("length"));

    /// <summary>A relative index as slice and at take it, within 0 … length.</summary>
    public static double ToRelative(JsValue value, double length, double whenUndefined)
    {
        if (value.IsUndefined)
            return whenUndefined;
        var relative = ToInteger(value);
        return relative < 0 ? Math.Max(length + relative, 0) : Math.Min(relative, length);
    }

    public static double ToIndex(JsValue value)
    {
        var index = ToInteger(value);
        return index is >= 0 and <= 9007199254740991 ? index : throw Errors.Range("The index is out of range.");
    }

    public static string ToText(JsValue value) => value.Ref switch
    {
        string text => text,
        Rope rope => rope.ToString(),
        null => "undefined",
        Tag tag => tag == Tag.Number ? Numbers.Format(value.Number) : tag.ToString(),
        BigInteger big => BigInts.Format(big, 10),
        Symbol => throw Errors.Type("A symbol cannot become a string by itself: use String(…) or .toString()."),
        _ => ToText(ToPrimitive(value, "string")),
    };

    public static JsValue ToStringValue(JsValue value) => value.IsString ? value : ToText(value);

    public static JsValue ToPrimitive(JsValue value, string hint = "default")
    {
        if (value.Ref is not JsObject target)
            return value;
        if (target.GetMethod(Symbol.ToPrimitive) is { } exotic)
        {
            var result = exotic.Call(value, [hint]);
            return result.IsObject ? throw Errors.Type("Symbol.toPrimitive returned an object.") : result;
        }

        for (var round = 0; round < 2; round++)
        {
            var method = target.Get(hint == "string" == (round == 0) ? "toString" : "valueOf");
            if (!method.IsCallable)
                continue;
            var result = method.AsObject.Call(value, []);
            if (!result.IsObject)
                return result;
        }

        throw Errors.Type("The object cannot become a primitive value.");
    }

    public static JsObject ToObject(JsValue value)
    {
        if (value.Ref is JsObject target)
            return target;
        var realm = Realm.Current;
        return value.IsNullish ? throw Errors.Type($"{value} is not an object.") : new JsWrapper(value, realm.PrototypeOfPrimitive(value));
    }

    public static BigInteger ToBigInt(JsValue value)
    {
        value = ToPrimitive(value, "number");
        return value.Ref switch
        {
            BigInteger big => big,
            string or Rope => BigInts.Parse(value.AsString) ?? throw Errors.Syntax($"'{Shorten(value.AsString)}' is not a BigInt."),
            Tag tag when tag == Tag.True => BigInteger.One,
            Tag tag when tag == Tag.False => BigInteger.Zero,
            _ => throw Errors.Type($"{value} cannot become a BigInt."),
        };
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
}

internal static class BigInts
{
    private const long LongestBits = 1 << 20;

    public static BigInteger Checked(BigInteger value) =>
        value.GetBitLength() > LongestBits ? throw Errors.Range("The BigInt is larger than a BigInt may be.") : value;

    public static BigInteger Multiply(BigInteger a, BigInteger b) =>
        a.GetBitLength() + b.GetBitLength() > LongestBits ? throw Errors.Range("The BigInt is larger than a BigInt may be.") : a * b;

    public static BigInteger Power(BigInteger value, BigInteger exponent)
    {
        if (exponent.Sign < 0)
            throw Errors.Range("A BigInt's exponent must not be negative.");
        if (value.IsOne || value.IsZero || exponent.IsZero)
            return exponent.IsZero ? BigInteger.One : value;
        if (value == BigInteger.MinusOne)
            return exponent.IsEven ? BigInteger.One : value;
        if (exponent > LongestBits || value.GetBitLength() * (long)exponent > LongestBits + 64)
            throw Errors.Range("The BigInt is larger than a BigInt may be.");
        return BigInteger.Pow(value, (int)exponent);
    }

    public static BigInteger Shift(BigInteger value, BigInteger by)
    {
        if (by > LongestBits)
            return value.IsZero ? value : throw Errors.Range("The BigInt is larger than a BigInt may be.");
        return by < -LongestBits * 2 ? value.Sign < 0 ? BigInteger.MinusOne : BigInteger.Zero : Checked(value << (int)by);
    }

    public static BigInteger? Parse(string text)
    {
        text = Numbers.Trim(text);
        if (text.Length == 0)
            return BigInteger.Zero;
        if (text.Length > LongestBits / 4)
            throw Errors.Range("The BigInt is larger than a BigInt may be.");
        if (text.Length > 2 && text[0] == '0' && char.ToLowerInvariant(text[1]) is 'x' or 'o' or 'b' && text[0] == '0')
        {
            var bits = char.ToLowerInvariant(text[1]) switch { 'x' => 4, 'o' => 3, _ => 1 };
            var sum = BigInteger.Zero;
            foreach (var c in text.AsSpan(2))
            {
                if (!char.IsAsciiHexDigit(c) || System.Convert.ToInt32(c.ToString(), 16) >> bits != 0)
                    return null;
                sum = (sum << bits) + System.Convert.ToInt32(c.ToString(), 16);
            }

            return sum;
        }

        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    public static string Format(BigInteger value, int radix)
    {
        if (radix == 10)
            return value.ToString(CultureInfo.InvariantCulture);
        if (value.IsZero)
            return "0";
        var digits = new List<char>();
        for (var rest = BigInteger.Abs(value); !rest.IsZero; rest /= radix)
        {
            Realm.Current.Budget.Steps(1 + (long)rest.GetBitLength() / 64);
            digits.Add("0123456789abcdefghijklmnopqrstuvwxyz"[(int)(rest % radix)]);
        }

        if (value.Sign < 0)
            digits.Add('-');
        digits.Reverse();
        return new string([.. digits]);
    }
}
