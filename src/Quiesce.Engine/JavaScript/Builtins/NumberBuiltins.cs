using System.Globalization;
using System.Numerics;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>Number, Boolean and BigInt.</summary>
internal static class NumberBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Number", Constructor))
        .Method("toString", 1, (_, self, a) => Numbers.ToRadix(Self(self), Radix(a.At(0))))
        .Method("toLocaleString", 0, (_, self, a) => Localised(Self(self), a.At(1)))
        .Method("valueOf", 0, (_, self, _) => Self(self))
        .Method("toFixed", 1, (_, self, a) =>
        {
            var digits = Digits(a.At(0), 0);
            return double.IsFinite(Self(self)) ? Numbers.Fixed(Self(self), digits) : Numbers.Format(Self(self));
        })
        .Method("toExponential", 1, (_, self, a) =>
            !double.IsFinite(Self(self)) ? Numbers.Format(Self(self)) : Numbers.Exponential(Self(self), a.At(0).IsUndefined ? null : Digits(a.At(0), 0)))
        .Method("toPrecision", 1, (_, self, a) =>
            a.At(0).IsUndefined || !double.IsFinite(Self(self)) ? Numbers.Format(Self(self)) : Numbers.Precision(Self(self), Digits(a.At(0), 1)));

    public static readonly Template BooleanPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Boolean", BooleanConstructor))
        .Method("toString", 0, (_, self, _) => BooleanSelf(self).IsTrue ? "true" : "false")
        .Method("valueOf", 0, (_, self, _) => BooleanSelf(self));

    public static readonly Template BigIntPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("BigInt", BigIntConstructor))
        .Method("toString", 0, (_, self, a) => BigInts.Format(BigIntSelf(self), Radix(a.At(0))))
        .Method("toLocaleString", 0, (_, self, _) => BigIntSelf(self).ToString("N0", CultureInfo.InvariantCulture))
        .Method("valueOf", 0, (_, self, _) => BigIntSelf(self))
        .Tag("BigInt");

    private static readonly Template Statics = new Template()
        .Value("MAX_SAFE_INTEGER", 9007199254740991.0).Value("MIN_SAFE_INTEGER", -9007199254740991.0).Value("MAX_VALUE", double.MaxValue)
        .Value("MIN_VALUE", double.Epsilon).Value("EPSILON", Math.Pow(2, -52)).Value("NaN", double.NaN)
        .Value("POSITIVE_INFINITY", double.PositiveInfinity).Value("NEGATIVE_INFINITY", double.NegativeInfinity)
        .Method("isInteger", 1, (_, _, a) => IsWhole(a.At(0)))
        .Method("isSafeInteger", 1, (_, _, a) => IsWhole(a.At(0)) && Math.Abs(a[0].Number) <= 9007199254740991)
        .Method("isFinite", 1, (_, _, a) => a.At(0).IsNumber && double.IsFinite(a[0].Number))
        .Method("isNaN", 1, (_, _, a) => a.At(0).IsNumber && double.IsNaN(a[0].Number))
        .Lazy("parseInt", realm => realm.Global.Get("parseInt"))
        .Lazy("parseFloat", realm => realm.Global.Get("parseFloat"));

    private static readonly Template BigIntStatics = new Template()
        .Method("asIntN", 2, (_, _, a) =>
        {
            var bits = Bits(a);
            var value = Coerce.ToBigInt(a.At(1)) & (BigInteger.One << bits) - 1;
            return bits > 0 && value >> bits - 1 != 0 ? value - (BigInteger.One << bits) : value;
        })
        .Method("asUintN", 2, (_, _, a) => Coerce.ToBigInt(a.At(1)) & (BigInteger.One << Bits(a)) - 1);

    public static JsObject Constructor(Realm realm)
    {
        static JsValue ToNumber(JsValue[] a)
        {
            if (a.Length == 0)
                return 0;
            var value = Coerce.ToNumeric(a[0]);
            return value.IsBigInt ? (double)value.AsBigInt : value;
        }

        return Make(realm, "Number", realm.Prototype("Number", Prototype), Statics, a => ToNumber(a));
    }

    public static JsObject BooleanConstructor(Realm realm) =>
        Make(realm, "Boolean", realm.Prototype("Boolean", BooleanPrototype), new Template(), a => Coerce.ToBool(a.At(0)));

    public static JsObject BigIntConstructor(Realm realm)
    {
        var type = new NativeFunction(realm, "BigInt", 1, (_, _, a) =>
        {
            var value = Coerce.ToPrimitive(a.At(0), "number");
            if (!value.IsNumber)
                return Coerce.ToBigInt(value);
            return IsWhole(value) ? new BigInteger(value.Number) : throw Errors.Range($"{value} is not a whole number and cannot become a BigInt.");
        });
        type.WriteOwn("prototype", new(realm.Prototype("BigInt", BigIntPrototype), Attributes.None));
        return type.WithTemplate(BigIntStatics);
    }

    private static JsObject Make(Realm realm, string name, JsObject prototype, Template statics, Func<JsValue[], JsValue> convert)
    {
        var type = new NativeFunction(realm, name, 1, (_, _, a) => convert(a), (r, a, target) => new JsWrapper(convert(a), Realm.PrototypeFrom(target, prototype)));
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(statics);
    }

    private static int Bits(JsValue[] a) => (int)Math.Min(Coerce.ToIndex(a.At(0)), 1 << 20);

    private static bool IsWhole(JsValue value) => value.IsNumber && double.IsFinite(value.Number) && Math.Truncate(value.Number) == value.Number;

    private static double Self(JsValue value) =>
        value.IsNumber ? value.Number : value.Ref is JsWrapper { Value: { IsNumber: true } boxed } ? boxed.Number : throw Errors.Type("The method needs a number.");

    private static JsValue BooleanSelf(JsValue value) =>
        value.IsBool ? value : value.Ref is JsWrapper { Value: { IsBool: true } boxed } ? boxed : throw Errors.Type("The method needs a boolean.");

    private static BigInteger BigIntSelf(JsValue value) =>
        value.IsBigInt ? value.AsBigInt : value.Ref is JsWrapper { Value: { IsBigInt: true } boxed } ? boxed.AsBigInt : throw Errors.Type("The method needs a BigInt.");

    private static int Radix(JsValue value)
    {
        var radix = value.IsUndefined ? 10 : Coerce.ToInteger(value);
        return radix is >= 2 and <= 36 ? (int)radix : throw Errors.Range("The radix must be from 2 to 36.");
    }

    private static int Digits(JsValue value, int least)
    {
        var digits = Coerce.ToInteger(value);
        return digits >= least && digits <= 100 ? (int)digits : throw Errors.Range($"The number of digits must be from {least} to 100.");
    }

    private static string Localised(double value, JsValue options)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
        var least = 0;
        var most = 3;
        if (options.Ref is JsObject given)
        {
            least = given.Get("minimumFractionDigits") is { IsNumber: true } low ? (int)Math.Clamp(low.Number, 0, 20) : 0;
            most = given.Get("maximumFractionDigits") is { IsNumber: true } high ? (int)Math.Clamp(high.Number, 0, 20) : Math.Max(3, least);
        }

        return value.ToString("#,0." + new string('0', least) + new string('#', Math.Max(0, most - least)), CultureInfo.InvariantCulture);
    }
}
