using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal static class Arguments
{
    /// <summary>The argument, or undefined when it was not given.</summary>
    public static JsValue At(this JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    public static JsObject Function(this JsValue[] arguments, int index) =>
        arguments.At(index) is { IsCallable: true } function ? function.AsObject : throw Errors.Type($"{(arguments.At(index).IsObject ? "The argument" : arguments.At(index).ToString())} is not a function.");

    public static T This<T>(JsValue value, string type) where T : JsObject => value.Ref as T ?? throw Errors.Type($"The method needs a {type}.");
}
