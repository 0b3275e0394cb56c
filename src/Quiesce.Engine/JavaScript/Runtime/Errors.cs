namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A thrown JavaScript value on its way to a catch clause. <see cref="Exception.InnerException"/> is a host function's own exception.</summary>
internal sealed class JsThrow(JsValue value, Exception? inner = null) : Exception(null, inner)
{
    private readonly Frame? _frame = Realm.Current.Frame;
    private readonly int _position = Realm.Current.Frame?.Position ?? 0;

    public JsValue Value => value;

    public (int Line, int Column) Place => _frame is null ? (0, 0) : Parsing.SourceText.Locate(_frame.Source, _position);
}

/// <summary>A broken limit: no catch clause sees it and no finally block runs.</summary>
internal sealed class LimitException(string message, (int Line, int Column) place) : ScriptException(message, place.Line, place.Column);

internal static class Errors
{
    public static JsThrow Type(string message) => Make("TypeError", message);

    public static JsThrow Range(string message) => Make("RangeError", message);

    public static JsThrow Reference(string message) => Make("ReferenceError", message);

    public static JsThrow Syntax(string message) => Make("SyntaxError", message);

    public static JsThrow Make(string kind, string message, Exception? inner = null) => new(Realm.Current.NewError(kind, message, inner), inner);
}
