using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class SymbolBuiltins
{
    public static readonly Template Prototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("Symbol", Constructor))
        .Method("toString", 0, (_, self, _) => Self(self).ToString())
        .Method("valueOf", 0, (_, self, _) => Self(self))
        .Getter("description", "description", (_, self, _) => Self(self).Description is { } text ? text : JsValue.Undefined)
        .Method(Symbol.ToPrimitive, "[Symbol.toPrimitive]", 1, (_, self, _) => Self(self))
        .Tag("Symbol");

    private static readonly Template Statics = new Template()
        .Value("iterator", Symbol.Iterator).Value("asyncIterator", Symbol.AsyncIterator).Value("hasInstance", Symbol.HasInstance).Value("toPrimitive", Symbol.ToPrimitive)
        .Value("toStringTag", Symbol.ToStringTag).Value("isConcatSpreadable", Symbol.IsConcatSpreadable).Value("species", Symbol.Species).Value("match", Symbol.Match)
        .Value("matchAll", Symbol.MatchAll).Value("replace", Symbol.Replace).Value("search", Symbol.Search).Value("split", Symbol.Split).Value("unscopables", Symbol.Unscopables)
        .Method("for", 1, (realm, _, a) =>
        {
            var key = Coerce.ToText(a.At(0));
            return realm.SymbolRegistry.TryGetValue(key, out var known) ? known : realm.SymbolRegistry[key] = new(key);
        })
        .Method("keyFor", 1, (realm, _, a) => a.At(0).Ref is Symbol { Description: { } text } symbol && realm.SymbolRegistry.GetValueOrDefault(text) == symbol ? text : JsValue.Undefined);

    public static JsObject Constructor(Realm realm)
    {
        var type = new NativeFunction(realm, "Symbol", 0, (_, _, a) => new Symbol(a.At(0).IsUndefined ? null : Coerce.ToText(a.At(0))));
        type.WriteOwn("prototype", new(realm.Prototype("Symbol", Prototype), Attributes.None));
        return type.WithTemplate(Statics);
    }

    private static Symbol Self(JsValue value) => value.Ref as Symbol ?? (value.Ref as JsWrapper)?.Value.Ref as Symbol ?? throw Errors.Type("The method needs a symbol.");
}
