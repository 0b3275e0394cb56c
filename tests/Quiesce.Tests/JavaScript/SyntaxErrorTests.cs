using Quiesce.Engine.JavaScript;

namespace Quiesce.Tests.JavaScript;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("foo bar", 1, 5)]
    [InlineData("let a = 1;\nlet a = 2;", 2, 5)]
    [InlineData("x = = 2", 1, 5)]
    [InlineData("'abc", 1, 1)]
    [InlineData("a +\n  'abc", 2, 3)]
    [InlineData("/abc", 1, 1)]
    [InlineData("/[/", 1, 1)]
    [InlineData("/(/", 1, 1)]
    [InlineData("`abc", 1, 1)]
    [InlineData("/* never", 1, 1)]
    [InlineData("if (1) {\n  2", 1, 8)]
    [InlineData("function f() {\n", 1, 14)]
    [InlineData("1 = 2", 1, 1)]
    [InlineData("f() = 2", 1, 1)]
    [InlineData("1++", 1, 1)]
    [InlineData("let class = 1", 1, 5)]
    [InlineData("const a", 1, 7)]
    [InlineData("for (const x of) ;", 1, 16)]
    [InlineData("break", 1, 1)]
    [InlineData("continue", 1, 1)]
    [InlineData("a: { continue b }", 1, 15)]
    [InlineData("a: a: 1", 1, 4)]
    [InlineData("throw\n1", 2, 1)]
    [InlineData("try { }", 1, 8)]
    [InlineData("3in [1]", 1, 2)]
    [InlineData("1_", 1, 3)]
    [InlineData("0x", 1, 1)]
    [InlineData("'\\u{110000}'", 1, 4)]
    [InlineData("-2 ** 2", 1, 4)]
    [InlineData("a ?? b || c", 1, 3)]
    [InlineData("({ a = 1 })", 1, 6)]
    [InlineData("super.x", 1, 1)]
    [InlineData("class A { constructor() {} constructor() {} }", 1, 45)]
    [InlineData("class A { #a; #a }", 1, 15)]
    [InlineData("import x from 'y'", 1, 1)]
    [InlineData("import('y')", 1, 1)]
    [InlineData("export default 1", 1, 1)]
    [InlineData("with (a) b", 1, 1)]
    [InlineData("function f() { await 1 }", 1, 22)]
    [InlineData("let x = (a, b) \n => 1", 2, 2)]
    [InlineData("@", 1, 1)]
    [InlineData("var \\x", 1, 6)]
    [InlineData("}", 1, 1)]
    [InlineData("(1", 1, 3)]
    [InlineData("[1, 2", 1, 6)]
    public void A_text_that_is_no_script_is_refused_with_its_place(string source, int line, int column)
    {
        var refused = Assert.Throws<ScriptException>(() => Script.Parse(source));
        Assert.Equal((line, column), (refused.Line, refused.Column));
    }

    [Fact]
    public void Random_text_is_either_a_script_or_refused()
    {
        var random = new Random(20_260);
        string[] pieces = ["(", ")", "{", "}", "[", "]", "=>", "=", "a", "1", "'", "`", "${", "/", "+", "await ", "yield ", "async ", "function ", "class ", "let ", "?.", "...", ",", ";", "#x", "\\", "\n", "new ", "of ", "in "];
        for (var round = 0; round < 20_000; round++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                Script.Parse(source);
            }
            catch (ScriptException e)
            {
                Assert.True(e.Line > 0 && e.Column > 0, source);
            }
        }
    }

    [Theory]
    [InlineData("throw new TypeError('no')", 1, 7, "TypeError: no")]
    [InlineData("let a;\n\na.b", 3, 2, "TypeError: The property 'b' of a cannot be read")]
    [InlineData("function f() {\n  g();\n}\nf()", 2, 3, "ReferenceError: g is not defined.")]
    [InlineData("1;\nnull()", 2, 1, "TypeError: null is not a function.")]
    public void An_uncaught_error_names_its_place(string source, int line, int column, string message)
    {
        var thrown = Assert.Throws<ScriptException>(() => ScriptRun.Value(source));
        Assert.StartsWith(message, thrown.Message);
        Assert.Equal((line, column), (thrown.Line, thrown.Column));
    }
}
