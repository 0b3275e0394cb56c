using System.Numerics;
using System.Text.Json.Nodes;
using Quiesce.Engine.JavaScript;

namespace Quiesce.Tests.JavaScript;

public sealed class HostTests
{
    private readonly ScriptEngine _engine = ScriptRun.NewEngine();

    private object? Run(string source) => _engine.Run(Script.Parse(source), CancellationToken.None);

    [Fact]
    public void Plain_values_go_in_and_come_out_the_same()
    {
        var moment = new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)).AddTicks(7);
        var id = Guid.NewGuid();
        foreach (var value in (object?[])[null, true, "text", 1.5, BigInteger.Pow(10, 30), moment, id, TimeSpan.FromMinutes(3), new byte[] { 1, 2 }])
        {
            _engine.SetGlobal("value", value);
            Assert.Equal(value, Run("value"));
        }
    }

    [Fact]
    public void Every_kind_of_number_becomes_a_double()
    {
        foreach (var number in (object[])[7, 7L, 7f, 7m, (byte)7, (short)7, 7u, 7ul])
        {
            _engine.SetGlobal("n", number);
            Assert.Equal(7.0, Run("n"));
        }
    }

    [Fact]
    public void Lists_and_dictionaries_are_copied_in_and_out_in_order()
    {
        var list = new List<object?> { 1, "a", null };
        _engine.SetGlobal("data", new Dictionary<string, object?> { ["z"] = list, ["a"] = DayOfWeek.Monday, ["inner"] = new Dictionary<string, object?> { ["k"] = false } });
        var result = Assert.IsType<Dictionary<string, object?>>(Run("data.z.push(4); data.b = [undefined]; data"));
        Assert.Equal(["z", "a", "inner", "b"], result.Keys);
        Assert.Equal([1.0, "a", null, 4.0], Assert.IsType<List<object?>>(result["z"]));
        Assert.Equal("Monday", result["a"]);
        Assert.Equal(3, list.Count);
    }

    [Fact]
    public void Json_nodes_become_values_of_the_script()
    {
        _engine.SetGlobal("json", JsonNode.Parse("""{"a":[1,{"b":null}]}"""));
        Assert.Equal(true, Run("json.a[0] === 1 && json.a[1].b === null && Array.isArray(json.a)"));
    }

    [Fact]
    public void A_host_function_gets_plain_values_and_its_answer_is_a_value_of_the_script()
    {
        object?[]? seen = null;
        _engine.SetFunction("ask", arguments =>
        {
            seen = arguments;
            return new List<object?> { 1, 2 };
        });
        Assert.Equal(2.0, Run("ask('a', [1], { k: undefined }, undefined).length"));
        Assert.Equal("a", seen![0]);
        Assert.IsType<List<object?>>(seen[1]);
        Assert.Null(seen[3]);
    }

    [Fact]
    public void What_a_host_function_throws_can_be_caught_by_the_script()
    {
        _engine.SetFunction("fail", _ => throw new InvalidOperationException("no machine"));
        Assert.Equal("Error: no machine", Run("try { fail() } catch (e) { String(e) }"));
        Assert.Equal("no machine", Run("(async () => { try { await fail() } catch (e) { return e.message } })()"));
    }

    [Theory]
    [InlineData("fail()")]
    [InlineData("try { fail() } catch (e) { throw e }")]
    [InlineData("try { fail() } finally { 1 }")]
    [InlineData("await (async () => fail())()")]
    [InlineData("[1].map(fail)")]
    public void Uncaught_it_is_the_inner_exception(string source)
    {
        _engine.SetFunction("fail", _ => throw new InvalidOperationException("no machine"));
        var thrown = Assert.Throws<ScriptException>(() => Run(source));
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
        Assert.Contains("no machine", thrown.Message);
    }

    [Fact]
    public void An_unknown_global_is_asked_for_once()
    {
        var asked = new List<string>();
        _engine.ResolveGlobal = name =>
        {
            asked.Add(name);
            return name switch
            {
                "variables" => (true, new Dictionary<string, object?> { ["Count"] = 1 }),
                "getName" => (true, (Func<object?[], object?>)(_ => "db1")),
                _ => (false, null),
            };
        };
        Assert.Equal("db12", Run("variables.Count = 2; getName() + variables.Count"));
        Assert.Equal(["variables", "getName"], asked);
        Assert.Equal(2.0, Assert.IsType<Dictionary<string, object?>>(_engine.GetGlobal("variables"))["Count"]);
        Assert.Equal("undefined", Run("typeof other"));
        Assert.Throws<ScriptException>(() => Run("other"));
    }

    [Fact]
    public void Globals_can_be_read_back()
    {
        Run("var a = 1; let b = 'x'; c = [2]; function d() {}");
        Assert.Equal(1.0, _engine.GetGlobal("a"));
        Assert.Equal("x", _engine.GetGlobal("b"));
        Assert.Equal([2.0], Assert.IsType<List<object?>>(_engine.GetGlobal("c")));
        Assert.Null(_engine.GetGlobal("d"));
        Assert.Null(_engine.GetGlobal("e"));
        Assert.Equal("x1", Run("b + a"));
    }

    [Fact]
    public void Engines_share_nothing()
    {
        Run("Array.prototype.evil = 1; Object.prototype.bad = 2; Math.max = () => 9; globalThis.g = 1; String.prototype.trim = null");
        var other = ScriptRun.NewEngine();
        Assert.Equal(true, other.Run(Script.Parse("[].evil === undefined && ({}).bad === undefined && Math.max(1, 2) === 2 && typeof g === 'undefined' && ' a '.trim() === 'a'"), CancellationToken.None));
    }

    [Fact]
    public async Task One_script_may_run_on_many_threads_at_once()
    {
        var script = Script.Parse("""
            class Counter { #n = 0; add(by = 1) { this.#n += by; return this } get n() { return this.#n } }
            function* numbers() { for (let i = 0; i < 20; i++) yield i }
            const c = new Counter(); let text = '';
            for (const x of numbers()) { c.add(x); text = text.replace(/x*$/, m => m + 'x') }
            const late = await Promise.all([seed, c.n].map(async v => (await v) + 1));
            `${late}:${text.length}:${JSON.stringify({ a: [seed] })}`
            """);
        var runs = Enumerable.Range(0, 64).Select(seed => Task.Run(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                var engine = ScriptRun.NewEngine();
                engine.SetGlobal("seed", seed);
                Assert.Equal($"{seed + 1},191:20:{{\"a\":[{seed}]}}", engine.Run(script, CancellationToken.None));
            }
        }));
        await Task.WhenAll(runs);
    }

    [Theory]
    [InlineData("typeof require + typeof process + typeof System + typeof importNamespace + typeof clr")]
    public void There_is_no_way_to_the_host(string source) => Assert.Equal("undefinedundefinedundefinedundefinedundefined", Run(source));

    [Theory]
    [InlineData("eval('1')")]
    [InlineData("new Function('return 1')()")]
    [InlineData("[].constructor.constructor('return 1')()")]
    [InlineData("(async () => {}).constructor('return 1')()")]
    [InlineData("(function* () {}).constructor('yield 1')()")]
    [InlineData("Reflect.construct(Function, ['return 1'])")]
    public void Code_cannot_be_made_from_text(string source) => Assert.Contains("EvalError", Assert.Throws<ScriptException>(() => Run(source)).Message);

    [Fact]
    public void The_few_host_types_answer_to_both_spellings()
    {
        Assert.IsType<Guid>(Run("Guid.NewGuid()"));
        Assert.Equal(Guid.Parse("b5d8f3a0-3b0e-4c38-9e4e-0a3c2d6c1f11"), Run("Guid.parse('b5d8f3a0-3b0e-4c38-9e4e-0a3c2d6c1f11')"));
        Assert.Equal(TimeSpan.FromHours(1.5), Run("TimeSpan.FromMinutes(90)"));
        Assert.Equal(1.5, Run("TimeSpan.Parse('01:30:00').totalHours"));
        Assert.Equal("2024-01-31", Run("DateTime.Parse('2024-01-30').AddDays(1).ToString('yyyy-MM-dd')"));
        Assert.Equal(2024.0, Run("DateTimeOffset.FromUnixTimeSeconds(1706572800).year"));
        Assert.Equal(true, Run("const n = new Random().Next(1, 3); n >= 1 && n < 3"));
        Assert.Equal(true, Run("DateTime.UtcNow instanceof Date && DateTime.UtcNow.getTime() > 0"));
    }
}
