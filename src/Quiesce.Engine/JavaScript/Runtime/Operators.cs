using System.Numerics;

namespace Quiesce.Engine.JavaScript.Runtime;

internal static class Operators
{
    public static JsValue Add(JsValue left, JsValue right)
    {
        if (left.IsNumber && right.IsNumber)
            return left.Number + right.Number;
        left = Coerce.ToPrimitive(left);
        right = Coerce.ToPrimitive(right);
        if (left.IsString || right.IsString)
            return Rope.Join(Coerce.ToStringValue(left), Coerce.ToStringValue(right));
        var (a, b) = (Coerce.ToNumeric(left), Coerce.ToNumeric(right));
        return a.IsNumber && b.IsNumber ? a.Number + b.Number : BigInts.Checked(Both(a, b, out var y) + y);
    }

    public static JsValue Arithmetic(string op, JsValue left, JsValue right)
    {
        var a = Coerce.ToNumeric(left);
        var b = Coerce.ToNumeric(right);
        if (a.IsNumber && b.IsNumber)
        {
            var (x, y) = (a.Number, b.Number);
            return op switch
            {
                "-" => x - y,
                "*" => x * y,
                "/" => x / y,
                "%" => x % y,
                "**" => Power(x, y),
                "&" => Coerce.ToInt32(x) & Coerce.ToInt32(y),
                "|" => Coerce.ToInt32(x) | Coerce.ToInt32(y),
                "^" => Coerce.ToInt32(x) ^ Coerce.ToInt32(y),
                "<<" => Coerce.ToInt32(x) << (Coerce.ToInt32(y) & 31),
                ">>" => Coerce.ToInt32(x) >> (Coerce.ToInt32(y) & 31),
                _ => (double)((uint)Coerce.ToInt32(x) >> (Coerce.ToInt32(y) & 31)),
            };
        }

        var m = Both(a, b, out var n);
        return op switch
        {
            "-" => BigInts.Checked(m - n),
            "*" => BigInts.Multiply(m, n),
            "/" => n.IsZero ? throw Errors.Range("A BigInt was divided by zero.") : m / n,
            "%" => n.IsZero ? throw Errors.Range("A BigInt was divided by zero.") : m % n,
            "**" => BigInts.Power(m, n),
            "&" => m & n,
            "|" => m | n,
            "^" => m ^ n,
            "<<" => BigInts.Shift(m, n),
            ">>" => BigInts.Shift(m, -n),
            _ => throw Errors.Type("BigInts have no unsigned right shift: use >>."),
        };
    }

    public static double Power(double x, double y) => double.IsNaN(y) || Math.Abs(x) == 1 && double.IsInfinity(y) ? double.NaN : Math.Pow(x, y);

    private static BigInteger Both(JsValue a, JsValue b, out BigInteger second)
    {
        if (!a.IsBigInt || !b.IsBigInt)
            throw Errors.Type("BigInts and numbers cannot be mixed: convert one of them.");
        second = b.AsBigInt;
        return a.AsBigInt;
    }

    /// <summary>True, false, or null when one side is not a number.</summary>
    public static bool? Less(JsValue left, JsValue right, bool leftFirst = true)
    {
        if (left.IsNumber && right.IsNumber)
            return double.IsNaN(left.Number) || double.IsNaN(right.Number) ? null : left.Number < right.Number;
        if (leftFirst)
        {
            left = Coerce.ToPrimitive(left, "number");
            right = Coerce.ToPrimitive(right, "number");
        }
        else
        {
            right = Coerce.ToPrimitive(right, "number");
            left = Coerce.ToPrimitive(left, "number");
        }

        if (left.IsString && right.IsString)
            return string.CompareOrdinal(left.AsString, right.AsString) < 0;
        if (left.IsBigInt && right.IsString)
            return BigInts.Parse(right.AsString) is { } r ? left.AsBigInt < r : null;
        if (left.IsString && right.IsBigInt)
            return BigInts.Parse(left.AsString) is { } l ? l < right.AsBigInt : null;
        left = Coerce.ToNumeric(left);
        right = Coerce.ToNumeric(right);
        if (left.IsBigInt && right.IsBigInt)
            return left.AsBigInt < right.AsBigInt;
        if (left.IsNumber && right.IsNumber)
            return double.IsNaN(left.Number) || double.IsNaN(right.Number) ? null : left.Number < right.Number;
        return Compare(left, right) is { } order ? order < 0 : null;
    }

    /// <summary>Orders a BigInt and a number; null for NaN.</summary>
    private static int? Compare(JsValue a, JsValue b)
    {
        if (a.IsNumber)
            return Compare(b, a) is { } reversed ? -reversed : null;
        var number = b.Number;
        if (double.IsNaN(number))
            return null;
        if (double.IsInfinity(number))
            return number > 0 ? -1 : 1;
        var whole = new BigInteger(Math.Floor(number));
        var order = a.AsBigInt.CompareTo(whole);
        return order != 0 ? order : number > Math.Floor(number) ? -1 : 0;
    }

    public static bool StrictEquals(JsValue a, JsValue b)
    {
        if (a.IsNumber && b.IsNumber)
            return a.Number == b.Number;
        if (ReferenceEquals(a.Ref, b.Ref))
            return true;
        if (a.IsString && b.IsString)
            return a.AsString == b.AsString;
        return a.Ref is BigInteger x && b.Ref is BigInteger y && x == y;
    }

    public static bool LooseEquals(JsValue a, JsValue b)
    {
        if (a.IsNullish || b.IsNullish)
            return a.IsNullish && b.IsNullish;
        if (a.IsObject && b.IsObject)
            return ReferenceEquals(a.Ref, b.Ref);
        if (a.IsObject)
            return LooseEquals(Coerce.ToPrimitive(a), b);
        if (b.IsObject)
            return LooseEquals(a, Coerce.ToPrimitive(b));
        if (a.IsString && b.IsString || a.IsNumber && b.IsNumber || a.IsBigInt && b.IsBigInt || a.IsBool && b.IsBool || a.IsSymbol || b.IsSymbol)
            return StrictEquals(a, b);
        if (a.IsBigInt && b.IsString)
            return BigInts.Parse(b.AsString) is { } parsed && parsed == a.AsBigInt;
        if (a.IsString && b.IsBigInt)
            return LooseEquals(b, a);
        if (a.IsBigInt || b.IsBigInt)
        {
            if (a.IsBool || b.IsBool)
                return LooseEquals(a.IsBool ? (double)(a.IsTrue ? 1 : 0) : a, b.IsBool ? (double)(b.IsTrue ? 1 : 0) : b);
            return Compare(a, b) == 0;
        }

        return Coerce.ToNumber(a) == Coerce.ToNumber(b);
    }

    public static bool SameValueZero(JsValue a, JsValue b) => a.IsNumber && b.IsNumber && double.IsNaN(a.Number) && double.IsNaN(b.Number) || StrictEquals(a, b);

    public static bool SameValue(JsValue a, JsValue b) =>
        a.IsNumber && b.IsNumber ? a.Number.Equals(b.Number) && double.IsNegative(a.Number) == double.IsNegative(b.Number) || double.IsNaN(a.Number) && double.IsNaN(b.Number) : StrictEquals(a, b);

    public static string TypeOf(JsValue value) => value.Ref switch
    {
        null => "undefined",
        Tag tag => tag == Tag.Number ? "number" : tag == Tag.Null ? "object" : "boolean",
        string or Rope => "string",
        Symbol => "symbol",
        BigInteger => "bigint",
        JsObject { IsCallable: true } => "function",
        _ => "object",
    };

    public static bool InstanceOf(JsValue value, JsValue target)
    {
        if (target.Ref is not JsObject type)
            throw Errors.Type("The right side of instanceof is not an object.");
        if (type.GetMethod(Symbol.HasInstance) is { } own)
            return Coerce.ToBool(own.Call(target, [value]));
        return type.IsCallable ? OrdinaryHasInstance(type, value) : throw Errors.Type("The right side of instanceof is not callable.");
    }

    public static bool OrdinaryHasInstance(JsObject type, JsValue value)
    {
        if (type is BoundFunction bound)
            return InstanceOf(value, bound.Target);
        if (value.Ref is not JsObject instance)
            return false;
        if (type.Get("prototype").Ref is not JsObject prototype)
            throw Errors.Type("The function's prototype is not an object.");
        for (var at = instance.GetPrototype(); at is not null; at = at.GetPrototype())
        {
            if (ReferenceEquals(at, prototype))
                return true;
        }

        return false;
    }
}
