using System.Globalization;
using System.Text.RegularExpressions;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

/// <summary>A moment in milliseconds since 1970, NaN when invalid; with the .NET value it came from where there is one.</summary>
internal sealed class JsDate(JsObject prototype, double time, DateTimeOffset? exact = null) : JsObject(prototype)
{
    private double _time = time;
    private DateTimeOffset? _exact = exact;

    public override string ClassName => "Date";

    public double Time
    {
        get => _time;
        set
        {
            _time = value;
            _exact = null;
        }
    }

    public bool IsValid => !double.IsNaN(_time);

    /// <summary>The moment for .NET, as precise as it came; null when invalid or outside what .NET can hold.</summary>
    public DateTimeOffset? Exact => _exact ?? (_time is >= -62135596800000 and <= 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds((long)_time) : null);
}

/// <summary>Date. UTC is the only time zone there is.</summary>
internal static partial class DateBuiltins
{
    private const double Day = 86400000;

    public static readonly Template Prototype = Build();

    private static readonly Template Statics = new Template()
        .Method("now", 0, (realm, _, _) => Now(realm))
        .Method("parse", 1, (_, _, a) => Parse(Coerce.ToText(a.At(0))))
        .Method("UTC", 7, (_, _, a) => FromParts(a));

    public static JsObject Constructor(Realm realm)
    {
        var prototype = realm.Prototype("Date", Prototype);
        var type = new NativeFunction(realm, "Date", 7, (r, _, _) => Text(Now(r)), (r, a, target) =>
        {
            var owner = Realm.PrototypeFrom(target, prototype);
            if (a.Length == 0)
                return new JsDate(owner, Now(r));
            if (a.Length > 1)
                return new JsDate(owner, FromParts(a));
            if (a[0].Ref is JsDate date)
                return new JsDate(owner, date.Time);
            var value = Coerce.ToPrimitive(a[0]);
            return new JsDate(owner, value.IsString ? Parse(value.AsString) : Clip(Coerce.ToNumber(value)));
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(Statics);
    }

    public static double Now(Realm realm) => realm.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static JsDate Self(JsValue value) => Arguments.This<JsDate>(value, "Date");

    private static double Clip(double time) => Math.Abs(time) <= 8.64e15 ? Math.Truncate(time) + 0.0 : double.NaN;

    private static double FromParts(JsValue[] a)
    {
        var parts = a.Select(Coerce.ToNumber).ToArray();
        double Part(int i, double otherwise) => i < parts.Length ? parts[i] : otherwise;
        var year = Part(0, double.NaN);
        if (Math.Truncate(year) is >= 0 and <= 99)
            year = 1900 + Math.Truncate(year);
        return Make(year, Part(1, 0), Part(2, 1), Part(3, 0), Part(4, 0), Part(5, 0), Part(6, 0));
    }

    private static double Make(double year, double month, double day, double hour, double minute, double second, double millisecond)
    {
        if (!(double.IsFinite(year + month + day + hour + minute + second + millisecond)))
            return double.NaN;
        static double T(double value) => Math.Truncate(value);
        return Clip(DayOf(T(year), T(month)) * Day + (T(day) - 1) * Day + T(hour) * 3600000 + T(minute) * 60000 + T(second) * 1000 + T(millisecond));
    }

    /// <summary>Days from 1970 to the first of a month, in the proleptic Gregorian calendar.</summary>
    private static double DayOf(double year, double month)
    {
        year += Math.Floor(month / 12);
        month = (month % 12 + 12) % 12 + 1;
        var y = month <= 2 ? year - 1 : year;
        var era = Math.Floor(y / 400);
        var yearOfEra = y - era * 400;
        var dayOfYear = Math.Floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5);
        return era * 146097 + yearOfEra * 365 + Math.Floor(yearOfEra / 4) - Math.Floor(yearOfEra / 100) + dayOfYear - 719468;
    }

    /// <summary>Year, month (from 0), day, hour, minute, second, millisecond, weekday.</summary>
    private static double[] Split(double time)
    {
        var days = Math.Floor(time / Day);
        var rest = time - days * Day;
        var z = days + 719468;
        var era = Math.Floor(z / 146097);
        var dayOfEra = z - era * 146097;
        var yearOfEra = Math.Floor((dayOfEra - Math.Floor(dayOfEra / 1460) + Math.Floor(dayOfEra / 36524) - Math.Floor(dayOfEra / 146096)) / 365);
        var dayOfYear = dayOfEra - (365 * yearOfEra + Math.Floor(yearOfEra / 4) - Math.Floor(yearOfEra / 100));
        var shifted = Math.Floor((5 * dayOfYear + 2) / 153);
        var month = shifted < 10 ? shifted + 2 : shifted - 10;
        var year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
        return [year, month, dayOfYear - Math.Floor((153 * shifted + 2) / 5) + 1, Math.Floor(rest / 3600000), Math.Floor(rest / 60000) % 60, Math.Floor(rest / 1000) % 60, rest % 1000, ((days + 4) % 7 + 7) % 7];
    }

    private static Template Build()
    {
        var template = new Template().Lazy("constructor", realm => realm.Constructor("Date", Constructor));
        string[] names = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Day"];
        foreach (var zone in (string[])["", "UTC"])
        {
            for (var i = 0; i < names.Length; i++)
            {
                var part = i;
                template.Method($"get{zone}{names[i]}", 0, (_, self, _) => Self(self).IsValid ? Split(Self(self).Time)[part] : double.NaN);
                if (i < 7)
                    template.Method($"set{zone}{names[i]}", 1, (_, self, a) => Change(Self(self), part, a));
            }
        }

        JsValue Time(Realm realm, JsValue self, JsValue[] a) => Self(self).Time;
        return template
            .Method("getTime", 0, Time)
            .Method("valueOf", 0, Time)
            .Method("getYear", 0, (_, self, _) => Split(Self(self).Time)[0] - 1900)
            .Method("getTimezoneOffset", 0, (_, self, _) => Self(self).IsValid ? 0 : double.NaN)
            .Method("setTime", 1, (_, self, a) => Self(self).Time = Clip(Coerce.ToNumber(a.At(0))))
            .Method("toISOString", 0, (_, self, _) => Self(self).IsValid ? Iso(Self(self).Time) : throw Errors.Range("The date is not valid."))
            .Method("toJSON", 1, (_, self, _) => self.Ref is JsDate { IsValid: false } ? JsValue.Null : Coerce.ToObject(self).Invoke("toISOString"))
            .Method("toString", 0, (_, self, _) => Text(Self(self).Time))
            .Method("toUTCString", 0, (_, self, _) => Format(self, "ddd, dd MMM yyyy HH:mm:ss 'GMT'"))
            .Method("toGMTString", 0, (_, self, _) => Format(self, "ddd, dd MMM yyyy HH:mm:ss 'GMT'"))
            .Method("toDateString", 0, (_, self, _) => Format(self, "ddd MMM dd yyyy"))
            .Method("toTimeString", 0, (_, self, _) => Format(self, "HH:mm:ss 'GMT+0000 (UTC)'"))
            .Method("toLocaleString", 0, (_, self, _) => Format(self, "M/d/yyyy, h:mm:ss tt"))
            .Method("toLocaleDateString", 0, (_, self, _) => Format(self, "M/d/yyyy"))
            .Method("toLocaleTimeString", 0, (_, self, _) => Format(self, "h:mm:ss tt"))
            .Method(Symbol.ToPrimitive, "[Symbol.toPrimitive]", 1, (_, self, a) =>
            {
                var target = self.Ref as JsObject ?? throw Errors.Type("The method needs a Date.");
                var number = a.At(0).IsString && a[0].AsString == "number";
                var first = target.Get(number ? "valueOf" : "toString");
                return first.IsCallable ? first.AsObject.Call(self, []) : target.Invoke(number ? "toString" : "valueOf");
            });
    }

    private static JsValue Change(JsDate date, int part, JsValue[] a)
    {
        var parts = Split(double.IsNaN(date.Time) ? 0 : date.Time);
        // A year's, month's and day's setter takes the parts down to the day, a time's those down to the millisecond.
        var last = part <= 2 ? 2 : 6;
        for (var i = 0; i < Math.Max(1, a.Length) && part + i <= last; i++)
            parts[part + i] = Coerce.ToNumber(a.At(i));
        if (double.IsNaN(date.Time) && part != 0)
            return double.NaN;
        return date.Time = Make(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
    }

    public static string Iso(double time)
    {
        var p = Split(time);
        var year = p[0] is >= 0 and <= 9999 ? p[0].ToString("0000", CultureInfo.InvariantCulture) : (p[0] < 0 ? "-" : "+") + Math.Abs(p[0]).ToString("000000", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{year}-{p[1] + 1:00}-{p[2]:00}T{p[3]:00}:{p[4]:00}:{p[5]:00}.{p[6]:000}Z");
    }

    private static string Text(double time) => double.IsNaN(time) ? "Invalid Date" : Format(time, "ddd MMM dd yyyy HH:mm:ss 'GMT+0000 (UTC)'");

    private static string Format(JsValue self, string format) => Self(self).IsValid ? Format(Self(self).Time, format) : "Invalid Date";

    private static string Format(double time, string format) =>
        time is >= -62135596800000 and <= 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds((long)time).ToString(format, CultureInfo.InvariantCulture) : Iso(time);

    public static double Parse(string text)
    {
        text = text.Trim();
        var match = IsoPattern().Match(text);
        if (match.Success)
        {
            double Part(int group, double otherwise) => match.Groups[group] is { Success: true, Value: var digits } ? double.Parse(digits, CultureInfo.InvariantCulture) : otherwise;
            var (month, day, hour, minute, second) = (Part(2, 1), Part(3, 1), Part(4, 0), Part(5, 0), Part(6, 0));
            if (month is < 1 or > 12 || day < 1 || day > DayOf(Part(1, 0), month) - DayOf(Part(1, 0), month - 1) || hour > 24 || minute > 59 || second > 59 || hour == 24 && minute + second > 0)
                return double.NaN;
            var fraction = match.Groups[7].Success ? Math.Floor(double.Parse("0." + match.Groups[7].Value, CultureInfo.InvariantCulture) * 1000 + 1e-9) : 0;
            var offset = match.Groups[8].Success && match.Groups[8].Value != "Z" ? (match.Groups[9].Value == "-" ? -1 : 1) * (Part(10, 0) * 60 + Part(11, 0)) : 0;
            return Make(Part(1, 0), month - 1, day, hour, minute - offset, second, fraction);
        }

        text = ZoneWords().Replace(text, "+00:00");
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment.ToUnixTimeMilliseconds() : double.NaN;
    }

    [GeneratedRegex(@"^([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|([+-])(\d\d):?(\d\d))?)?$")]
    private static partial Regex IsoPattern();

    [GeneratedRegex(@"\s*(?:GMT|UTC)(?:\+0000)?(?:\s*\([^)]*\))?$")]
    private static partial Regex ZoneWords();
}
