using Quiesce.Engine.JavaScript.Nodes;

namespace Quiesce.Engine.JavaScript.Parsing;

internal sealed partial class Parser
{
    /// <summary>A name or pattern that declares.</summary>
    private ITarget BindingTarget(BindingKind kind)
    {
        using var nesting = Deeper();
        var position = _token.Start;
        if (Take("["))
        {
            var items = new List<PatternElement?>();
            ITarget? rest = null;
            while (!Take("]"))
            {
                if (Take(","))
                {
                    items.Add(null);
                    continue;
                }

                if (Take("..."))
                {
                    rest = BindingTarget(kind);
                    Expect("]");
                    break;
                }

                items.Add(BindingElement(kind));
                if (!Is("]"))
                    Expect(",");
            }

            return new ArrayPattern([.. items], rest);
        }

        if (Take("{"))
            return ObjectBinding(kind);
        return Declare(Name(), kind, position);
    }

    private ObjectPattern ObjectBinding(BindingKind kind)
    {
        var items = new List<(Node, PatternElement)>();
        ITarget? rest = null;
        while (!Take("}"))
        {
            if (Take("..."))
            {
                rest = BindingTarget(kind);
                Expect("}");
                break;
            }

            var token = _token;
            var isName = IsName(token);
            var (key, computed) = PropertyName();
            if (Take(":"))
                items.Add((key, BindingElement(kind)));
            else if (isName && !computed)
                items.Add((key, WithDefault(Declare(token.Text!, kind, token.Start))));
            else
                throw Unexpected();
            if (!Is("}"))
                Expect(",");
        }

        return new([.. items], rest);
    }

    private PatternElement BindingElement(BindingKind kind) => WithDefault(BindingTarget(kind));

    private PatternElement WithDefault(ITarget target)
    {
        if (!Take("="))
            return new(target, null);
        var noIn = _noIn;
        _noIn = false;
        var value = Assignment();
        _noIn = noIn;
        if (target is Identifier name)
            value.GiveName(name.Name);
        return new(target, value);
    }

    /// <summary>Turns an expression that has been read into what can be assigned to.</summary>
    private ITarget Target(Node node, int position)
    {
        switch (node)
        {
            case Identifier name:
                return name;
            case MemberAccess { Optional: false } member:
                return member;
            case ArrayNode array:
                var items = new List<PatternElement?>();
                ITarget? rest = null;
                foreach (var item in array.Elements)
                {
                    if (rest is not null)
                        throw Error("A rest element must be the last one.", position);
                    if (item is SpreadNode spread)
                        rest = Target(spread.Argument, position);
                    else
                        items.Add(item is null ? null : Element(item, position));
                }

                return new ArrayPattern([.. items], rest);
            case ObjectNode source:
                var members = new List<(Node, PatternElement)>();
                ITarget? others = null;
                foreach (var entry in source.Entries)
                {
                    if (entry.Kind == MemberKind.Spread)
                        others = Target(entry.Value!, position);
                    else if (entry.Kind == MemberKind.Value && others is null)
                        members.Add((entry.Key!, Element(entry.Value!, position)));
                    else
                        throw Error("This cannot be assigned to.", position);
                }

                return new ObjectPattern(members, others);
            default:
                throw Error("This cannot be assigned to.", position);
        }
    }

    private PatternElement Element(Node node, int position) => node is AssignNode assign ? new(assign.Target, assign.Value) : new(Target(node, position), null);
}
