using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>An iterator over what .NET enumerates.</summary>
internal sealed class NativeIterator(JsObject prototype, string tag, IEnumerator<JsValue> source) : JsObject(prototype)
{
    private bool _done;

    public override string ClassName => tag;

    public bool Next(out JsValue value)
    {
        _done = _done || !source.MoveNext();
        value = _done ? default : source.Current;
        return !_done;
    }
}

/// <summary>Iterators and generators.</summary>
internal static class IteratorBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Iterator", Constructor))
        .Method(Symbol.Iterator, "[Symbol.iterator]", 0, (_, self, _) => self)
        .Method("map", 1, (realm, self, a) => Lazy(realm, self, a, (source, function) => source.Select((value, i) => function.Call(default, [value, i]))))
        .Method("filter", 1, (realm, self, a) => Lazy(realm, self, a, (source, function) => source.Where((value, i) => Coerce.ToBool(function.Call(default, [value, i])))))
        .Method("flatMap", 1, (realm, self, a) => Lazy(realm, self, a, (source, function) => source.SelectMany((value, i) => Values(function.Call(default, [value, i])))))
        .Method("take", 1, (realm, self, a) => Walk(realm, "Iterator Helper", Values(self).Take((int)Coerce.ToLength(a.At(0)))))
        .Method("drop", 1, (realm, self, a) => Walk(realm, "Iterator Helper", Values(self).Skip((int)Coerce.ToLength(a.At(0)))))
        .Method("toArray", 0, (realm, self, _) => realm.NewArray(Values(self)))
        .Method("forEach", 1, (_, self, a) =>
        {
            foreach (var value in Values(self))
                a.Function(0).Call(default, [value]);
            return JsValue.Undefined;
        })
        .Method("some", 1, (_, self, a) => Values(self).Any(value => Coerce.ToBool(a.Function(0).Call(default, [value]))))
        .Method("every", 1, (_, self, a) => Values(self).All(value => Coerce.ToBool(a.Function(0).Call(default, [value]))))
        .Method("find", 1, (_, self, a) => Values(self).FirstOrDefault(value => Coerce.ToBool(a.Function(0).Call(default, [value]))))
        .Method("reduce", 1, (realm, self, a) => realm.NewArray(Values(self)).Invoke("reduce", a))
        .Tag("Iterator");

    public static readonly Template AsyncPrototype = new Template().Method(Symbol.AsyncIterator, "[Symbol.asyncIterator]", 0, (_, self, _) => self);

    public static readonly Template NativePrototype = new Template()
        .Method("next", 0, (realm, self, _) =>
        {
            realm.Budget.Step();
            var more = Arguments.This<NativeIterator>(self, "built-in iterator").Next(out var value);
            return Iteration.Result(realm, value, !more);
        })
        .Getter(Symbol.ToStringTag, "[Symbol.toStringTag]", (_, self, _) => self.Ref is NativeIterator iterator ? iterator.ClassName : JsValue.Undefined);

    public static readonly Template GeneratorPrototype = new Template()
        .Method("next", 1, (realm, self, a) => Arguments.This<JsGenerator>(self, "generator").Resume(realm, ResumeMode.Next, a.At(0)))
        .Method("return", 1, (realm, self, a) => Arguments.This<JsGenerator>(self, "generator").Resume(realm, ResumeMode.Return, a.At(0)))
        .Method("throw", 1, (realm, self, a) => Arguments.This<JsGenerator>(self, "generator").Resume(realm, ResumeMode.Throw, a.At(0)))
        .Tag("Generator");

    public static readonly Template AsyncGeneratorPrototype = new Template()
        .Method("next", 1, (realm, self, a) => Arguments.This<JsAsyncGenerator>(self, "async generator").Enqueue(realm, ResumeMode.Next, a.At(0)))
        .Method("return", 1, (realm, self, a) => Arguments.This<JsAsyncGenerator>(self, "async generator").Enqueue(realm, ResumeMode.Return, a.At(0)))
        .Method("throw", 1, (realm, self, a) => Arguments.This<JsAsyncGenerator>(self, "async generator").Enqueue(realm, ResumeMode.Throw, a.At(0)))
        .Tag("AsyncGenerator");

    public static JsObject Constructor(Realm realm)
    {
        var type = new NativeFunction(realm, "Iterator", 0, (_, _, _) => throw Errors.Type("Iterator needs new."),
            (r, _, target) => new JsObject(Realm.PrototypeFrom(target, r.IteratorPrototype)));
        type.WriteOwn("prototype", new(realm.IteratorPrototype, Attributes.None));
        return type.WithTemplate(new Template().Method("from", 1, (r, _, a) => Walk(r, "Iterator Helper", Values(a.At(0)))));
    }

    public static JsValue ArrayValues(Realm realm, JsValue self, JsValue[] a) => Walk(realm, "Array Iterator", Elements(Coerce.ToObject(self)));

    public static JsValue Walk(Realm realm, string tag, IEnumerable<JsValue> source) => new NativeIterator(realm.NativeIteratorPrototype, tag, source.GetEnumerator());

    private static IEnumerable<JsValue> Elements(JsObject list)
    {
        for (double i = 0; i < Coerce.LengthOf(list); i++)
            yield return list.GetAt(i);
    }

    private static IEnumerable<JsValue> Values(JsValue self)
    {
        if (self.Ref is not JsObject source)
            throw Errors.Type("The method needs an iterator.");
        using Iterator iterator = source.Has(Symbol.Iterator) ? Iteration.Of(self) : new ProtocolIterator(source);
        while (iterator.Next(out var value))
            yield return value;
    }

    private static JsValue Lazy(Realm realm, JsValue self, JsValue[] a, Func<IEnumerable<JsValue>, JsObject, IEnumerable<JsValue>> make) =>
        Walk(realm, "Iterator Helper", make(Values(self), a.Function(0)));
}
