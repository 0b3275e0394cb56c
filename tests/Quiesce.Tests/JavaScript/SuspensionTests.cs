namespace Quiesce.Tests.JavaScript;

public sealed class SuspensionTests
{
    [Theory]
    [InlineData("function* g(){ const r=yield 1; try{ yield r*2 } finally { yield 9 } } const i=g(); [i.next().value,i.next(5).value,i.return(4).value,i.next()]", @"[1,10,9,{""value"":4,""done"":true}]")]
    [InlineData("[...(function*(){yield* [1,2]; yield 3})()]", "[1,2,3]")]
    [InlineData("async function* g(){yield 1; yield 2} let r=[]; for await (const x of g()) r.push(x); r", "[1,2]")]
    [InlineData("const it={ *[Symbol.iterator](){ yield 1; yield 2 } }; [...it, ...new Set([3])]", "[1,2,3]")]
    [InlineData("function* f(){ let n=0; while(true) yield n++ } const out=[]; for (const v of f()) { if (v>3) break; out.push(v) } out", "[0,1,2,3]")]
    [InlineData("function* g(){ try { yield 1 } catch(e) { yield 'caught '+e } } const i=g(); i.next(); i.throw('x').value", @"""caught x""")]
    [InlineData("function* g(){ const x = (yield 1) + (yield 2); return x } const i=g(); i.next(); i.next(10); i.next(20)", @"{""value"":30,""done"":true}")]
    [InlineData("function* g(){ for (let i=0;i<3;i++) { if (i===1) continue; yield [i, ...(yield 'in')] } } const i=g(); [i.next().value, i.next([7]).value]", @"[""in"",[0,7]]")]
    [InlineData("async function* g(){ const x=yield 1; yield x*2 } const i=g(); await i.next(); (await i.next(4)).value", "8")]
    [InlineData("async function* g(){ try { yield 1; yield 2 } finally { done=true } } var done=false; for await (const x of g()) break; done", "true")]
    public void Generators_pause_resume_and_clean_up(string source, string expected) => ScriptRun.Gives(source, expected);

    [Theory]
    [InlineData("await Promise.resolve(5)+1", "6")]
    [InlineData("async function f(){ await null; return 3 } f()", "3")]
    [InlineData("async function f(){ throw new TypeError('bad') } try { await f() } catch(e) { e.message }", @"""bad""")]
    [InlineData("await Promise.all([1,Promise.resolve(2)])", "[1,2]")]
    [InlineData("await Promise.allSettled([Promise.reject(1)])", @"[{""status"":""rejected"",""reason"":1}]")]
    [InlineData("async function f(){ const r=[]; for (let i=0;i<3;i++) r.push(await new Promise(res=>res(i))); return r } await f()", "[0,1,2]")]
    [InlineData("async function f(){ try { await Promise.reject(new Error('no')) } catch(e) { return 'c:'+e.message } finally { } } await f()", @"""c:no""")]
    [InlineData("let log=[]; Promise.resolve().then(()=>log.push('b')); log.push('a'); await null; log", @"[""a"",""b""]")]
    [InlineData("const order=[]; (async()=>{ order.push(1); await null; order.push(3) })(); order.push(2); await null; order", "[1,2,3]")]
    [InlineData("await (async () => { throw new TypeError('boom') })()", "! TypeError: boom")]
    [InlineData("new Promise(()=>{})", "! The script waits")]
    [InlineData("await new Promise((r,j)=>j('why'))", "! why")]
    [InlineData("await Promise.any([Promise.reject(1), Promise.resolve(2)])", "2")]
    [InlineData("await Promise.race([new Promise(()=>{}), Promise.resolve(3)])", "3")]
    [InlineData("await Promise.resolve(1).finally(()=>2)", "1")]
    [InlineData("await {then(r){ r(42) }}", "42")]
    [InlineData("for await (const x of [Promise.resolve(1),2]) { var last=x } last", "2")]
    [InlineData("let x = {if:1, class:2, get:3, set:4, async:5, static:6, of:7}; x.if+x.class+x.get+x.async", "11")]
    [InlineData("async()=>{}", "null")]
    [InlineData("var async=1; async", "1")]
    [InlineData("var ctor = Object.getPrototypeOf(async function(){}).constructor; ctor('return 1')", "!")]
    [InlineData("async function f(){ return await g() } async function g(){ return [1, await 2] } f()", "[1,2]")]
    [InlineData("let f2 = async x => x*2; await f2(4)", "8")]
    public void Async_code_runs_to_its_end(string source, string expected) => ScriptRun.Gives(source, expected);
}
