using System.Text.Json.Nodes;

namespace Quiesce.Engine;

/// <summary>What a designer's editors need to know about an input.</summary>
public static class EditorFacts
{
    /// <summary>The <c>uiSpecifications</c> of an input, fresh each time; empty when its editor needs nothing.</summary>
    public static JsonObject Of(InputDescriptor input)
    {
        var facts = (JsonObject?)input.UiSpecifications?.DeepClone() ?? [];
        switch (input.UiHint)
        {
            case UiHints.DropDown when !facts.ContainsKey(UiHints.DropDown):
                facts[UiHints.DropDown] = new JsonObject { ["selectList"] = new JsonObject { ["items"] = Items(input), ["isFlagsEnum"] = false, ["sortItems"] = false } };
                break;
            case UiHints.CheckList when !facts.ContainsKey(UiHints.CheckList):
                facts[UiHints.CheckList] = new JsonObject { ["checkList"] = new JsonObject { ["items"] = Items(input), ["isFlagsEnum"] = false } };
                break;
            case UiHints.CodeEditor when !facts.ContainsKey(UiHints.CodeEditor):
                // Numbers, not names: a height in words crashed the designer.
                facts[UiHints.CodeEditor] = new JsonObject { ["language"] = "javascript", ["editorHeight"] = 1, ["singleLineMode"] = false };
                break;
            case UiHints.DynamicOutcomes when input.Options.Count > 0 && !facts.ContainsKey("DynamicOutcomesOptions"):
                facts["DynamicOutcomesOptions"] = new JsonObject { ["fixedOutcomes"] = new JsonArray([.. input.Options.Select(o => JsonValue.Create(o))]) };
                break;
        }

        return facts;
    }

    private static JsonArray Items(InputDescriptor input) =>
        new([.. input.Options.Select(o => new JsonObject { ["text"] = o, ["value"] = o, ["isChecked"] = false })]);
}
