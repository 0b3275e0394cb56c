using Quiesce.Engine.JavaScript.Runtime;
using M = System.Math;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class MathBuiltins
{
    public static readonly Template Math = Build();

    private static Template Build()
    {
        var template = new Template()
            .Value("PI", M.PI).Value("E", M.E).Value("LN2", 0.6931471805599453).Value("LN10", 2.302585092994046)
            .Value("LOG2E", 1.4426950408889634).Value("LOG10E", 0.4342944819032518).Value("SQRT2", M.Sqrt(2)).Value("SQRT1_2", M.Sqrt(0.5))
            .Tag("Math");
        void One(string name, Func<double, double> function) => template.Method(name, 1, (_, _, a) => function(Coerce.ToNumber(a.At(0))));
        One("abs", M.Abs);
        One("ceil", M.Ceiling);
        One("floor", M.Floor);
        One("trunc", M.Truncate);
        One("round", x => x == 0 || !double.IsFinite(x) || M.Abs(x) >= 4503599627370496 ? x : x < 0 && x >= -0.5 ? -0.0 : M.Floor(x) + (x - M.Floor(x) >= 0.5 ? 1 : 0));
        One("sign", x => double.IsNaN(x) || x == 0 ? x : M.Sign(x));
        One("sqrt", M.Sqrt);
        One("cbrt", M.Cbrt);
        One("exp", M.Exp);
        One("expm1", x => M.Abs(x) < 1e-5 ? x + x * x / 2 : M.Exp(x) - 1);
        One("log", M.Log);
        One("log10", M.Log10);
        One("log2", M.Log2);
        One("log1p", x => M.Abs(x) < 1e-5 ? x - x * x / 2 : M.Log(1 + x));
        One("sin", M.Sin);
        One("cos", M.Cos);
        One("tan", M.Tan);
        One("asin", M.Asin);
        One("acos", M.Acos);
        One("atan", M.Atan);
        One("sinh", M.Sinh);
        One("cosh", M.Cosh);
        One("tanh", M.Tanh);
        One("asinh", M.Asinh);
        One("acosh", M.Acosh);
        One("atanh", M.Atanh);
        One("fround", x => (float)x);
        One("clz32", x => System.Numerics.BitOperations.LeadingZeroCount(unchecked((uint)Coerce.ToInt32(x))));
        return template
            .Method("atan2", 2, (_, _, a) => M.Atan2(Coerce.ToNumber(a.At(0)), Coerce.ToNumber(a.At(1))))
            .Method("pow", 2, (_, _, a) => Operators.Power(Coerce.ToNumber(a.At(0)), Coerce.ToNumber(a.At(1))))
            .Method("imul", 2, (_, _, a) => unchecked(Coerce.ToInt32(a.At(0)) * Coerce.ToInt32(a.At(1))))
            .Method("max", 2, (_, _, a) => a.Aggregate(double.NegativeInfinity, (most, value) => M.Max(most, Coerce.ToNumber(value))))
            .Method("min", 2, (_, _, a) => a.Aggregate(double.PositiveInfinity, (least, value) => M.Min(least, Coerce.ToNumber(value))))
            .Method("hypot", 2, (_, _, a) =>
            {
                var numbers = a.Select(Coerce.ToNumber).ToArray();
                return numbers.Any(double.IsInfinity) ? double.PositiveInfinity : M.Sqrt(numbers.Sum(number => number * number));
            })
            // Nobody may guess tokens from it: the numbers come from the shared generator, not from a seed of the script.
            .Method("random", 0, (_, _, _) => Random.Shared.NextDouble());
    }
}
