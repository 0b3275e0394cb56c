namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>Reading and writing members of any value, primitives included.</summary>
internal static class Members
{
    public static JsValue Get(JsValue target, in PropertyKey key)
    {
        if (target.Ref is JsObject o)
            return o.Get(key, target);
        if (target.IsString)
        {
            if (key.Ref is string name)
            {
                if (name == "length")
                    return Rope.LengthOf(target.Ref!);
                if (key.IsIndex(out var index))
                    return Character(target, index);
            }
        }
        else if (target.IsNullish)
            throw Errors.Type($"The property '{key}' of {target} cannot be read.");

        return Realm.Current.PrototypeOfPrimitive(target).Get(key, target);
    }

    public static JsValue Get(JsValue target, JsValue key)
    {
        if (key.IsNumber && key.Number is >= 0 and < uint.MaxValue && key.Number == (uint)key.Number)
        {
            if (target.Ref is JsObject o)
                return o.GetIndex((uint)key.Number);
            if (target.IsString)
                return Character(target, (uint)key.Number);
        }

        if (target.IsNullish)
            throw Errors.Type($"The property '{(key.IsObject ? "[object]" : key)}' of {target} cannot be read.");
        return Get(target, PropertyKey.Of(key));
    }

    public static void Set(JsValue target, in PropertyKey key, JsValue value, bool strict)
    {
        if (target.IsNullish)
            throw Errors.Type($"The property '{key}' of {target} cannot be set.");
        var done = target.Ref is JsObject o ? o.Set(key, value, target) : Realm.Current.PrototypeOfPrimitive(target).Set(key, value, target);
        if (!done && strict)
            throw Errors.Type($"The property '{key}' cannot be set: it is read-only or the object takes no new ones.");
    }

    public static void Set(JsValue target, JsValue key, JsValue value, bool strict)
    {
        if (key.IsNumber && target.Ref is JsObject o && key.Number is >= 0 and < uint.MaxValue && key.Number == (uint)key.Number)
        {
            if (!o.SetIndex((uint)key.Number, value) && strict)
                throw Errors.Type($"The element {key} cannot be set: the array is read-only.");
            return;
        }

        if (target.IsNullish)
            throw Errors.Type($"The property '{(key.IsObject ? "[object]" : key)}' of {target} cannot be set.");
        Set(target, PropertyKey.Of(key), value, strict);
    }

    private static JsValue Character(JsValue text, uint index)
    {
        var s = text.AsString;
        return index < (uint)s.Length ? Characters.Of(s[(int)index]) : JsValue.Undefined;
    }
}

/// <summary>One-character strings, kept for ASCII.</summary>
internal static class Characters
{
    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(i => ((char)i).ToString())];

    public static string Of(char c) => c < 128 ? Ascii[c] : c.ToString();
}
