using System.Globalization;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>A Guid or TimeSpan in a script's hands.</summary>
internal sealed class HostValue(JsObject prototype, object value) : JsObject(prototype)
{
    public object Value => value;

    public override string ClassName => value.GetType().Name;
}

/// <summary>The few .NET types that workflow scripts use. Written out by hand: scripts reach no other .NET member. First letters may be small.</summary>
internal static class HostTypes
{
    private static readonly (string Name, Func<double, TimeSpan> Make, Func<TimeSpan, double> Total, Func<TimeSpan, double> Part)[] Units =
    [
        ("Days", TimeSpan.FromDays, span => span.TotalDays, span => span.Days),
        ("Hours", TimeSpan.FromHours, span => span.TotalHours, span => span.Hours),
        ("Minutes", TimeSpan.FromMinutes, span => span.TotalMinutes, span => span.Minutes),
        ("Seconds", TimeSpan.FromSeconds, span => span.TotalSeconds, span => span.Seconds),
        ("Milliseconds", TimeSpan.FromMilliseconds, span => span.TotalMilliseconds, span => span.Milliseconds),
    ];

    private static readonly Template GuidPrototype = Both(new Template(), "ToString", (_, self, a) => Formatted(format => Self<Guid>(self).ToString(format, CultureInfo.InvariantCulture), a.At(0), "D"))
        .Method("toJSON", 0, (_, self, _) => Self<Guid>(self).ToString())
        .Method("valueOf", 0, (_, self, _) => Self<Guid>(self).ToString())
        .Method("Equals", 1, (_, self, a) => HostValues.FromScript(a.At(0)) is Guid other && other == Self<Guid>(self));

    private static readonly Template SpanPrototype = SpanMembers();
    private static readonly Template MomentPrototype = MomentMembers();

    public static Template AddTo(Template global) => global
        .Lazy("Guid", realm => realm.Prototype("static Guid", GuidStatics))
        .Lazy("TimeSpan", realm => realm.Prototype("static TimeSpan", SpanStatics))
        .Lazy("DateTime", realm => realm.Prototype("static DateTime", MomentStatics))
        .Lazy("DateTimeOffset", realm => realm.Prototype("static DateTimeOffset", MomentStatics))
        .Lazy("Random", realm => realm.Constructor("Random", RandomConstructor))
        .Lazy("LogPersistenceMode", realm => realm.Prototype("static LogPersistenceMode", LogPersistenceModes));

    private static readonly Template GuidStatics = Getter(Both(Both(new Template(),
        "NewGuid", (realm, _, _) => Wrap(realm, Guid.NewGuid())),
        "Parse", (realm, _, a) => Wrap(realm, Guid.TryParse(Coerce.ToText(a.At(0)), out var id) ? id : throw Errors.Range($"'{Coerce.Shorten(Coerce.ToText(a[0]))}' is not a Guid."))),
        "Empty", (realm, _, _) => Wrap(realm, Guid.Empty));

    private static readonly Template SpanStatics = SpanMakers();
    private static readonly Template MomentStatics = MomentMakers();

    // Enums are texts in a script's hands.
    private static readonly Template LogPersistenceModes = new Template().Value("Inherit", "Inherit").Value("Include", "Include").Value("Exclude", "Exclude");

    public static JsObject PrototypeOf(Realm realm, object value) =>
        value is Guid ? realm.Prototype("Guid", GuidPrototype) : realm.Prototype("TimeSpan", SpanPrototype);

    public static JsDate Date(Realm realm, DateTimeOffset moment) =>
        new(realm.Prototype("DateTimeOffset", MomentPrototype, realm.Prototype("Date", DateBuiltins.Prototype)), moment.ToUnixTimeMilliseconds(), moment);

    private static HostValue Wrap(Realm realm, object value) => new(PrototypeOf(realm, value), value);

    private static T Self<T>(JsValue value) where T : struct => value.Ref is HostValue { Value: T own } ? own : throw Errors.Type($"The method needs a {typeof(T).Name}.");

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static Template Both(Template template, string name, NativeCode code) => template.Method(name, 1, code).Method(Lower(name), 1, code);

    private static Template Getter(Template template, string name, NativeCode code) => template.Getter(name, name, code).Getter(Lower(name), name, code);

    private static TimeSpan Span(Func<double, TimeSpan> make, double amount)
    {
        try
        {
            return make(amount);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw Errors.Range($"{Numbers.Format(amount)} is out of range for a TimeSpan.");
        }
    }

    private static Template SpanMakers()
    {
        var template = new Template();
        foreach (var unit in Units)
            Both(template, "From" + unit.Name, (realm, _, a) => Wrap(realm, Span(unit.Make, Coerce.ToNumber(a.At(0)))));
        Both(template, "Parse", (realm, _, a) => Wrap(realm, TimeSpan.TryParse(Coerce.ToText(a.At(0)), CultureInfo.InvariantCulture, out var span)
            ? span : throw Errors.Range($"'{Coerce.Shorten(Coerce.ToText(a[0]))}' is not a TimeSpan.")));
        return Getter(template, "Zero", (realm, _, _) => Wrap(realm, TimeSpan.Zero));
    }

    private static Template SpanMembers()
    {
        var template = new Template();
        foreach (var unit in Units)
        {
            Getter(template, "Total" + unit.Name, (_, self, _) => unit.Total(Self<TimeSpan>(self)));
            Getter(template, unit.Name, (_, self, _) => unit.Part(Self<TimeSpan>(self)));
        }

        Getter(template, "Ticks", (_, self, _) => Self<TimeSpan>(self).Ticks);
        Both(template, "Add", (realm, self, a) => Wrap(realm, Span(_ => Self<TimeSpan>(self) + Self<TimeSpan>(a.At(0)), 0)));
        Both(template, "Subtract", (realm, self, a) => Wrap(realm, Span(_ => Self<TimeSpan>(self) - Self<TimeSpan>(a.At(0)), 0)));
        Both(template, "Negate", (realm, self, _) => Wrap(realm, Span(_ => -Self<TimeSpan>(self), 0)));
        Both(template, "ToString", (_, self, a) => Formatted(format => Self<TimeSpan>(self).ToString(format, CultureInfo.InvariantCulture), a.At(0), "c"));
        return template
            .Method("toJSON", 0, (_, self, _) => Self<TimeSpan>(self).ToString())
            .Method("valueOf", 0, (_, self, _) => Self<TimeSpan>(self).TotalMilliseconds);
    }

    private static string Formatted(Func<string, string> format, JsValue given, string standard)
    {
        try
        {
            return format(given.IsUndefined ? standard : Coerce.ToText(given));
        }
        catch (FormatException)
        {
            throw Errors.Range($"'{Coerce.Shorten(Coerce.ToText(given))}' is not a format.");
        }
    }

    private static Template MomentMakers()
    {
        var template = new Template();
        Getter(template, "UtcNow", (realm, _, _) => Date(realm, realm.Time.GetUtcNow()));
        Getter(template, "Now", (realm, _, _) => Date(realm, realm.Time.GetUtcNow()));
        Getter(template, "Today", (realm, _, _) => Date(realm, new(realm.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)));
        Getter(template, "MinValue", (realm, _, _) => Date(realm, DateTimeOffset.MinValue));
        Getter(template, "MaxValue", (realm, _, _) => Date(realm, DateTimeOffset.MaxValue));
        Both(template, "FromUnixTimeSeconds", (realm, _, a) => Date(realm, Moment(() => DateTimeOffset.FromUnixTimeSeconds((long)Coerce.ToInteger(a.At(0))))));
        Both(template, "FromUnixTimeMilliseconds", (realm, _, a) => Date(realm, Moment(() => DateTimeOffset.FromUnixTimeMilliseconds((long)Coerce.ToInteger(a.At(0))))));
        return Both(template, "Parse", (realm, _, a) => Date(realm, DateTimeOffset.TryParse(Coerce.ToText(a.At(0)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment : throw Errors.Range($"'{Coerce.Shorten(Coerce.ToText(a[0]))}' is not a date.")));
    }

    private static Template MomentMembers()
    {
        var template = new Template();
        void Add(string name, Func<DateTimeOffset, double, DateTimeOffset> change) =>
            Both(template, "Add" + name, (realm, self, a) => Date(realm, Moment(() => change(Exact(self), Coerce.ToNumber(a.At(0))))));
        Add("Milliseconds", (moment, by) => moment.AddMilliseconds(by));
        Add("Seconds", (moment, by) => moment.AddSeconds(by));
        Add("Minutes", (moment, by) => moment.AddMinutes(by));
        Add("Hours", (moment, by) => moment.AddHours(by));
        Add("Days", (moment, by) => moment.AddDays(by));
        Add("Months", (moment, by) => moment.AddMonths((int)by));
        Add("Years", (moment, by) => moment.AddYears((int)by));
        Both(template, "Add", (realm, self, a) => Date(realm, Moment(() => Exact(self) + Self<TimeSpan>(a.At(0)))));
        Both(template, "Subtract", (realm, self, a) => a.At(0).Ref is JsDate ? Wrap(realm, Exact(self) - Exact(a[0])) : Date(realm, Moment(() => Exact(self) - Self<TimeSpan>(a.At(0)))));
        (string Name, Func<DateTimeOffset, double> Read)[] parts =
        [
            ("Year", moment => moment.Year), ("Month", moment => moment.Month), ("Day", moment => moment.Day), ("Hour", moment => moment.Hour), ("Minute", moment => moment.Minute),
            ("Second", moment => moment.Second), ("Millisecond", moment => moment.Millisecond), ("DayOfYear", moment => moment.DayOfYear),
        ];
        foreach (var (name, read) in parts)
            Getter(template, name, (_, self, _) => read(Exact(self)));
        Getter(template, "DayOfWeek", (_, self, _) => Exact(self).DayOfWeek.ToString());
        Getter(template, "Date", (realm, self, _) => Date(realm, new(Exact(self).Date, TimeSpan.Zero)));
        Getter(template, "TimeOfDay", (realm, self, _) => Wrap(realm, Exact(self).TimeOfDay));
        Both(template, "ToUnixTimeSeconds", (_, self, _) => Exact(self).ToUnixTimeSeconds());
        Both(template, "ToUnixTimeMilliseconds", (_, self, _) => Exact(self).ToUnixTimeMilliseconds());
        Both(template, "ToUniversalTime", (realm, self, _) => Date(realm, Exact(self).ToUniversalTime()));
        NativeCode text = (_, self, a) => Formatted(format => Exact(self).ToString(format, CultureInfo.InvariantCulture), a.At(0), "o");
        template.Method("ToString", 1, text);
        // toString() without a format stays the language's own.
        return template.Method("toString", 1, (realm, self, a) => a.Length > 0 ? text(realm, self, a) : realm.Prototype("Date", DateBuiltins.Prototype).Get("toString").AsObject.Call(self, []));
    }

    private static DateTimeOffset Exact(JsValue value) => (value.Ref as JsDate ?? throw Errors.Type("The method needs a date.")).Exact ?? throw Errors.Range("The date is not valid.");

    private static DateTimeOffset Moment(Func<DateTimeOffset> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            throw Errors.Range("The date would be out of range.");
        }
    }

    private static JsObject RandomConstructor(Realm realm)
    {
        var prototype = realm.Prototype("Random", RandomPrototype);
        var type = new NativeFunction(realm, "Random", 0, (_, _, _) => throw Errors.Type("Random needs new."), (_, _, _) => new JsObject(prototype));
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(Getter(new Template(), "Shared", (_, _, _) => new JsObject(prototype)));
    }

    private static readonly Template RandomPrototype = Both(Both(new Template(), "Next", (_, _, a) =>
    {
        var (low, high) = a.Length > 1 ? (Coerce.ToInteger(a[0]), Coerce.ToInteger(a[1])) : (0, a.Length == 1 ? Coerce.ToInteger(a[0]) : int.MaxValue);
        return high >= low ? Random.Shared.NextInt64((long)low, Math.Max((long)low, (long)high)) : throw Errors.Range("The upper bound of Next is below the lower one.");
    }), "NextDouble", (_, _, _) => Random.Shared.NextDouble());
}
