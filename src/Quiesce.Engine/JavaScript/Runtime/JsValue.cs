using System.Numerics;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>What a value's reference points to when the value is not a string, symbol, big integer or object.</summary>
internal sealed class Tag(string name)
{
    public static readonly Tag Number = new("number");
    public static readonly Tag Null = new("null");
    public static readonly Tag True = new("true");
    public static readonly Tag False = new("false");
    public static readonly Tag Hole = new("hole");

    public override string ToString() => name;
}

/// <summary>A JavaScript value in two words: numbers are not boxed.</summary>
internal readonly struct JsValue
{
    public static readonly JsValue Undefined;
    public static readonly JsValue Null = new(Tag.Null, 0);
    public static readonly JsValue True = new(Tag.True, 0);
    public static readonly JsValue False = new(Tag.False, 0);

    /// <summary>A missing array element, or a name in its dead zone. Never seen by a script.</summary>
    public static readonly JsValue Hole = new(Tag.Hole, 0);
    public static readonly JsValue NaN = double.NaN;

    public readonly object? Ref;
    public readonly double Number;

    private JsValue(object? reference, double number)
    {
        Ref = reference;
        Number = number;
    }

    public static implicit operator JsValue(double value) => new(Tag.Number, value);

    public static implicit operator JsValue(string value) => new(value, 0);

    public static implicit operator JsValue(bool value) => value ? True : False;

    public static implicit operator JsValue(JsObject value) => new(value, 0);

    public static implicit operator JsValue(Symbol value) => new(value, 0);

    public static implicit operator JsValue(BigInteger value) => new(value, 0);

    public static JsValue Of(Rope rope) => new(rope, 0);

    public static JsValue Of(Accessor accessor) => new(accessor, 0);

    public static JsValue OrNull(JsObject? value) => value is null ? Null : value;

    public static JsValue OrUndefined(JsObject? value) => value is null ? Undefined : value;

    public bool IsUndefined => Ref is null;
    public bool IsNull => Ref == (object)Tag.Null;
    public bool IsNullish => Ref is null || Ref == (object)Tag.Null;
    public bool IsNumber => Ref == (object)Tag.Number;
    public bool IsBool => Ref == (object)Tag.True || Ref == (object)Tag.False;
    public bool IsTrue => Ref == (object)Tag.True;
    public bool IsHole => Ref == (object)Tag.Hole;
    public bool IsString => Ref is string or Rope;
    public bool IsSymbol => Ref is Symbol;
    public bool IsBigInt => Ref is BigInteger;
    public bool IsObject => Ref is JsObject;
    public bool IsCallable => Ref is JsObject { IsCallable: true };

    public string AsString => Ref as string ?? ((Rope)Ref!).ToString();
    public JsObject AsObject => (JsObject)Ref!;
    public BigInteger AsBigInt => (BigInteger)Ref!;

    public JsValue OrUndefinedIfHole => IsHole ? Undefined : this;

    public override string ToString() => Ref switch { null => "undefined", Tag t when t == Tag.Number => Numbers.Format(Number), var o => o.ToString() ?? "" };
}

/// <summary>A string made by adding two; joined when somebody reads it, so that growing a string in a loop is not quadratic.</summary>
internal sealed class Rope
{
    private object? _left;
    private object? _right;
    private string? _text;

    private Rope(object left, object right, int length)
    {
        _left = left;
        _right = right;
        Length = length;
    }

    public const int LongestString = 1 << 28;

    public int Length { get; }

    public static int LengthOf(object text) => text is string s ? s.Length : ((Rope)text).Length;

    public static JsValue Join(JsValue left, JsValue right)
    {
        var a = LengthOf(left.Ref!);
        var b = LengthOf(right.Ref!);
        if (a == 0)
            return right;
        if (b == 0)
            return left;
        if ((long)a + b > LongestString)
            throw Errors.Range("The string would be longer than a string may be.");
        if (a + b < 64)
            return string.Concat(left.AsString, right.AsString);
        return JsValue.Of(new Rope(left.Ref!, right.Ref!, a + b));
    }

    public override string ToString()
    {
        if (_text is not null)
            return _text;
        Realm.Current.Budget.Reserve(2L * Length);
        var buffer = new char[Length];
        var at = Length;
        var stack = new Stack<object>();
        stack.Push(this);
        while (stack.TryPop(out var part))
        {
            if (part is Rope { _text: null } rope)
            {
                stack.Push(rope._left!);
                stack.Push(rope._right!);
                continue;
            }

            var text = part as string ?? ((Rope)part)._text!;
            at -= text.Length;
            text.CopyTo(0, buffer, at, text.Length);
        }

        _text = new string(buffer);
        _left = _right = null;
        return _text;
    }
}
