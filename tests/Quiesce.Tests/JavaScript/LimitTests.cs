using System.Diagnostics;
using Quiesce.Engine.JavaScript;

namespace Quiesce.Tests.JavaScript;

public sealed class LimitTests
{
    [Theory]
    [InlineData("while (true) {}")]
    [InlineData("for (;;) ;")]
    [InlineData("do {} while (1)")]
    [InlineData("try { while (true) {} } catch (e) { 'caught' }")]
    [InlineData("try { while (true) {} } finally { 'ran' }")]
    [InlineData("while (true) { try { throw 1 } catch {} }")]
    [InlineData("function* f() { while (true) yield 1 } for (const x of f()) ;")]
    [InlineData("function* f() { while (true) yield 1 } [...f()]")]
    [InlineData("async function f() { while (true) await null } f()")]
    [InlineData("(function again() { return Promise.resolve().then(again) })()")]
    [InlineData("new Array(1e9).fill(0)")]
    [InlineData("new Array(4294967295).forEach(x => x)")]
    [InlineData("Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)")]
    [InlineData("Array.from({ length: 1e9 })")]
    [InlineData("Array.from({ length: 1e9 }, () => 1)")]
    [InlineData("[].concat(new Array(1e9))")]
    [InlineData("const s = new Set([1]); for (const x of s) s.add(x + 1)")]
    [InlineData("const a = [1]; for (const x of a) a.push(x)")]
    [InlineData("Math.max.apply(null, { length: 1e9 })")]
    [InlineData("const it = { [Symbol.iterator]() { return this }, next() { return { value: 1 } } }; const [...all] = it")]
    [InlineData("const it = { [Symbol.iterator]() { return this }, next() { return { value: [1, 1] } } }; new Map(it)")]
    [InlineData("let f = () => f(); f()")]
    [InlineData("const o = { get a() { return this.a } }; o.a")]
    [InlineData("const o = { toString() { return '' + this } }; '' + o")]
    [InlineData("const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x")]
    [InlineData("let p = {}; for (;;) p = new Proxy(p, {})")]
    [InlineData("class A { constructor() { new A() } } new A()")]
    [InlineData("[1].sort.call([2, 1], function f() { return [2, 1].sort(f), 0 })")]
    [InlineData("JSON.parse('[1]', function r() { return JSON.parse('[1]', r) })")]
    [InlineData("let a = []; for (;;) a.push(1)")]
    [InlineData("let o = {}; for (let i = 0; ; i++) o['k' + i] = i")]
    [InlineData("let s = []; for (;;) s = [s, s, s]")]
    [InlineData("const m = new Map(); for (let i = 0; ; i++) m.set(i, 'x'.repeat(1000))")]
    [InlineData("let r = 'x'; for (;;) r = r.split('').join('yy')")]
    [InlineData("new Uint8Array(500e6)")]
    [InlineData("'x'.repeat(2e8)")]
    [InlineData("'x'.padStart(2e8)")]
    [InlineData("[...'x'.repeat(2e7)]")]
    [InlineData("new Array(2e7).join('xxxxxxxxxx')")]
    [InlineData("let s = 'ab'; while (s.length < 2e8) s += s; s.indexOf('c')")]
    public void A_script_that_takes_too_much_is_stopped(string source)
    {
        var watch = Stopwatch.StartNew();
        var stopped = Assert.Throws<LimitProbe>(() => Probe(source));
        Assert.StartsWith("The script was stopped: ", stopped.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"It took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("'x'.repeat(1e9)")]
    [InlineData("'x'.padEnd(1e12)")]
    [InlineData("let s = 'x'; for (;;) s += s")]
    [InlineData("2n ** 1000000000n")]
    [InlineData("let b = 3n; for (;;) b *= b")]
    [InlineData("1n << 99999999999n")]
    [InlineData("new ArrayBuffer(1e15)")]
    [InlineData("new Float64Array(1e15)")]
    [InlineData("[].length = -1")]
    public void What_no_engine_can_hold_is_a_range_error_that_the_script_may_catch(string source)
    {
        ScriptRun.Gives($"try {{ {source} }} catch (e) {{ e.name }}", "\"RangeError\"");
    }

    [Theory]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + '!')")]
    [InlineData("'a'.repeat(40).replace(/(.*)*x/, '')")]
    [InlineData("'x'.repeat(50000).match(/(x+x+)+y/)")]
    public void A_regular_expression_that_explodes_is_stopped(string source)
    {
        var limits = ScriptRun.Tight with { Timeout = TimeSpan.FromMilliseconds(200) };
        var engine = new ScriptEngine(limits, TimeProvider.System);
        var stopped = Assert.ThrowsAny<ScriptException>(() => engine.Run(Script.Parse(source), CancellationToken.None));
        Assert.Contains("took too long", stopped.Message);
    }

    [Fact]
    public void Time_runs_out_by_the_clock_that_was_given()
    {
        var engine = new ScriptEngine(ScriptLimits.Default with { MaxStatements = long.MaxValue / 2, Timeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        var stopped = Assert.ThrowsAny<ScriptException>(() => engine.Run(Script.Parse("for (;;) ;"), CancellationToken.None));
        Assert.Contains("longer than", stopped.Message);
    }

    [Fact]
    public void Cancelling_ends_a_script_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var engine = ScriptRun.NewEngine();
        engine.SetFunction("cancel", _ =>
        {
            cancel.Cancel();
            return null;
        });
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Run(Script.Parse("cancel(); try { for (;;) ; } catch { 1 }"), cancel.Token));
    }

    [Fact]
    public void An_engine_can_be_used_again_after_a_script_was_stopped()
    {
        var engine = ScriptRun.NewEngine();
        Assert.ThrowsAny<ScriptException>(() => engine.Run(Script.Parse("function f() { f() } f()"), CancellationToken.None));
        Assert.Equal(3.0, engine.Run(Script.Parse("1 + 2"), CancellationToken.None));
    }

    [Fact]
    public void Deep_data_is_refused_and_does_not_end_the_process()
    {
        foreach (var use in (string[])["a", "JSON.stringify(a)", "structuredClone(a)", "a.flat(Infinity)", "String(a)"])
            Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value($"let a = []; for (let i = 0; i < 200000; i++) a = [a]; {use}"));
        Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value("JSON.parse('['.repeat(200000))"));
        Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value("let f = () => 1; for (let i = 0; i < 200000; i++) f = f.bind(null); f()"));
        Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value("let p = {}; for (let i = 0; i < 200000; i++) p = new Proxy(p, {}); p.x"));
        Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value("let s = 'x'; for (let i = 0; i < 100000; i++) s = '(' + s + ')'; new RegExp(s)"));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{", "}")]
    [InlineData("-", "")]
    [InlineData("!", "")]
    [InlineData("a=>", "")]
    [InlineData("new ", "")]
    [InlineData("if(1)", "")]
    [InlineData("`${", "}`")]
    [InlineData("a?b:", "")]
    [InlineData("x=", "")]
    [InlineData("function f(){", "}")]
    [InlineData("class A extends ", "")]
    [InlineData("({a:", "})")]
    [InlineData("1**", "")]
    [InlineData("await ", "")]
    [InlineData("f(", ")")]
    [InlineData("a[", "]")]
    [InlineData("a(1)", "")]
    [InlineData("a.", "")]
    public void Deeply_nested_source_is_an_error_and_not_a_crash(string open, string close)
    {
        var source = string.Concat(Enumerable.Repeat(open, 50_000)) + "a" + string.Concat(Enumerable.Repeat(close, 50_000));
        Assert.ThrowsAny<ScriptException>(() => ScriptRun.Value(source));
    }

    [Fact]
    public void A_long_sum_is_no_deep_nesting()
    {
        Assert.Equal(5000.0, ScriptRun.Value(string.Join('+', Enumerable.Repeat("1", 5000))));
    }

    private static void Probe(string source)
    {
        try
        {
            ScriptRun.Value(source);
        }
        catch (ScriptException e)
        {
            throw new LimitProbe(e.Message);
        }
    }

    private sealed class LimitProbe(string message) : Exception(message);
}
