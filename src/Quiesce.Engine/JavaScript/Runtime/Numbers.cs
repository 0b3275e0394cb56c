using System.Globalization;
using System.Numerics;
using System.Text;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>Numbers as text, the language's way: shortest digits that read back the same.</summary>
internal static class Numbers
{
    private static readonly System.Buffers.SearchValues<char> Decimal = System.Buffers.SearchValues.Create("0123456789.eE+-");

    public static string Format(double value)
    {
        if (value == (int)value)
            return ((int)value).ToString(CultureInfo.InvariantCulture);
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        var (negative, digits, exponent) = Shortest(value);
        return (negative ? "-" : "") + Layout(digits, exponent);
    }

    private static string Layout(string digits, int point)
    {
        var k = digits.Length;
        if (k <= point && point <= 21)
            return digits + new string('0', point - k);
        if (point is > 0 and <= 21)
            return string.Concat(digits.AsSpan(0, point), ".", digits.AsSpan(point));
        if (point is > -6 and <= 0)
            return "0." + new string('0', -point) + digits;
        var exponent = (point > 0 ? "e+" : "e-") + Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture);
        return k == 1 ? digits + exponent : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1), exponent);
    }

    /// <summary>Digits without leading or trailing zeros and where the decimal point stands in them.</summary>
    private static (bool Negative, string Digits, int Point) Shortest(double value) => Split(value.ToString("R", CultureInfo.InvariantCulture));

    private static (bool Negative, string Digits, int Point) Split(string text)
    {
        var negative = text[0] == '-';
        if (negative)
            text = text[1..];
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return (negative, digits.Length == 0 ? "0" : digits, digits.Length == 0 ? 1 : point - leading);
    }

    public static string Exponential(double value, int? fractionDigits)
    {
        if (fractionDigits is null)
        {
            var (negative, digits, point) = Shortest(value);
            var e = value == 0 ? 0 : point - 1;
            return (negative ? "-" : "") + digits[0] + (digits.Length > 1 ? "." + digits[1..] : "") + (e < 0 ? "e-" : "e+") + Math.Abs(e).ToString(CultureInfo.InvariantCulture);
        }

        var (rounded, exponent) = Round(value, fractionDigits.Value + 1);
        return (value < 0 ? "-" : "") + rounded[0] + (rounded.Length > 1 ? "." + rounded[1..] : "") + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>|value| × 10^scale, rounded to a whole number exactly, a half upwards; .NET's own formats round halves to even.</summary>
    private static BigInteger Scaled(double value, int scale)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var power = (int)(bits >> 52);
        var mantissa = new BigInteger(bits & 0xfffffffffffff | (power == 0 ? 0 : 1L << 52));
        power = Math.Max(power, 1) - 1075;
        var above = mantissa * BigInteger.Pow(10, Math.Max(scale, 0)) << Math.Max(power, 0);
        var below = BigInteger.Pow(10, Math.Max(-scale, 0)) << Math.Max(-power, 0);
        return (2 * above + below) / (2 * below);
    }

    /// <summary>The first digits and the exponent of the first of them.</summary>
    private static (string Digits, int Exponent) Round(double value, int count)
    {
        if (value == 0)
            return (new string('0', count), 0);
        var exponent = Shortest(value).Point - 1;
        var digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        return digits.Length > count ? (digits[..count], exponent + 1) : (digits, exponent);
    }

    public static string Precision(double value, int precision)
    {
        if (value == 0)
            return precision > 1 ? "0." + new string('0', precision - 1) : "0";
        var (digits, exponent) = Round(value, precision);
        if (exponent < -6 || exponent >= precision)
            return Exponential(value, precision - 1);
        var sign = value < 0 ? "-" : "";
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        return sign + (exponent + 1 == digits.Length ? digits : string.Concat(digits.AsSpan(0, exponent + 1), ".", digits.AsSpan(exponent + 1)));
    }

    public static string Fixed(double value, int digits)
    {
        if (Math.Abs(value) >= 1e21)
            return Format(value);
        var text = Scaled(value, digits).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        var sign = value < 0 ? "-" : "";
        return digits == 0 ? sign + text : string.Concat(sign, text.AsSpan(0, text.Length - digits), ".", text.AsSpan(text.Length - digits));
    }

    public static string ToRadix(double value, int radix)
    {
        if (radix == 10 || !double.IsFinite(value))
            return Format(value);
        var negative = value < 0;
        value = Math.Abs(value);
        var whole = Math.Floor(value);
        var fraction = value - whole;
        var text = new StringBuilder(BigInts.Format(new BigInteger(whole), radix));
        if (fraction > 0)
        {
            text.Append('.');
            var delta = Math.Max(0.5 * (Math.BitIncrement(value) - value), double.Epsilon);
            do
            {
                fraction *= radix;
                delta *= radix;
                var digit = (int)fraction;
                fraction -= digit;
                if (fraction > 0.5 && fraction + delta > 1 && digit + 1 < radix)
                {
                    digit++;
                    fraction = 0;
                }

                text.Append("0123456789abcdefghijklmnopqrstuvwxyz"[digit]);
            }
            while (fraction >= delta && text.Length < 1100);
        }

        return (negative ? "-" : "") + text;
    }

    public static bool IsBlank(char c) => c is '\ufeff' || char.IsWhiteSpace(c) && c is not '\u0085' and not '\u180e';

    public static string Trim(string text, bool start = true, bool end = true)
    {
        var from = 0;
        var to = text.Length;
        while (start && from < to && IsBlank(text[from]))
            from++;
        while (end && to > from && IsBlank(text[to - 1]))
            to--;
        return from == 0 && to == text.Length ? text : text[from..to];
    }

    public static double Parse(string text)
    {
        text = Trim(text);
        if (text.Length == 0)
            return 0;
        if (text.Length > 2 && text[0] == '0' && char.IsAsciiLetter(text[1]) && char.ToLowerInvariant(text[1]) != 'e')
            return char.ToLowerInvariant(text[1]) is 'x' or 'o' or 'b' && BigInts.Parse(text) is { } big ? (double)big : double.NaN;
        if (text is "Infinity" or "+Infinity")
            return double.PositiveInfinity;
        if (text == "-Infinity")
            return double.NegativeInfinity;
        var last = text[^1];
        return (char.IsAsciiDigit(last) || last == '.') && text.AsSpan().IndexOfAnyExcept(Decimal) < 0
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value : double.NaN;
    }

    public static double ParseFloat(string text)
    {
        text = Numbers.Trim(text);
        var at = 0;
        if (at < text.Length && text[at] is '+' or '-')
            at++;
        if (text.AsSpan(at).StartsWith("Infinity", StringComparison.Ordinal))
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        var digits = at - from;
        if (at < text.Length && text[at] == '.')
        {
            var dot = at++;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            digits += at - dot - 1;
            if (digits == 0)
                return double.NaN;
        }

        if (digits == 0)
            return double.NaN;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var e = at + 1;
            if (e < text.Length && text[e] is '+' or '-')
                e++;
            if (e < text.Length && char.IsAsciiDigit(text[e]))
            {
                while (e < text.Length && char.IsAsciiDigit(text[e]))
                    e++;
                at = e;
            }
        }

        return double.Parse(text.AsSpan(0, at), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public static double ParseInt(string text, int radix)
    {
        text = Trim(text);
        var at = 0;
        var negative = text.StartsWith('-');
        if (text.Length > 0 && text[0] is '+' or '-')
            at++;
        if (radix is 0 or 16 && at + 1 < text.Length && text[at] == '0' && text[at + 1] is 'x' or 'X' && radix is 0 or 16)
        {
            at += 2;
            radix = 16;
        }

        radix = radix == 0 ? 10 : radix;
        if (radix is < 2 or > 36)
            return double.NaN;
        var from = at;
        double value = 0;
        while (at < text.Length && DigitOf(text[at]) < radix)
            value = value * radix + DigitOf(text[at++]);
        if (at == from)
            return double.NaN;
        if (radix == 10 && at - from > 15)
            value = double.Parse(text.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }

    private static int DigitOf(char c) => char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 99;
}
