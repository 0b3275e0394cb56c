using System.Runtime.CompilerServices;

namespace Quiesce.Engine.JavaScript.Runtime;

internal enum ResumeMode { Next, Throw, Return }

/// <summary>A generator was told to return: unwinds through finally blocks, past every catch clause.</summary>
internal sealed class ReturnSignal(JsValue value) : Exception
{
    public JsValue Value => value;
}

/// <summary>The body of a generator or async function, run in pieces. At a yield or await it hands out a value and waits for <see cref="Resume"/>.</summary>
internal sealed class Coroutine(Frame frame, Func<Step<JsValue>> body) : INotifyCompletion
{
    private Step<JsValue>? _step;
    private Action? _continuation;
    private ResumeMode _mode;
    private JsValue _sent;

    public bool IsRunning { get; private set; }
    public bool IsDone => _step is { IsCompleted: true };
    public bool HasStarted => _step is not null;

    /// <summary>What the last suspension handed out.</summary>
    public JsValue Handed { get; private set; }

    /// <summary>True when the last suspension was an await, false for a yield.</summary>
    public bool IsAwait { get; private set; }

    public bool IsCompleted => false;

    /// <summary>Runs to the next suspension. When done returns the body's result, or throws what the body threw.</summary>
    public JsValue Resume(ResumeMode mode, JsValue value)
    {
        var realm = frame.Realm;
        frame.Caller = realm.Frame;
        realm.Enter(frame);
        IsRunning = true;
        try
        {
            if (_step is null)
                _step = body();
            else
            {
                _mode = mode;
                _sent = value;
                var continuation = _continuation!;
                _continuation = null;
                continuation();
            }
        }
        finally
        {
            IsRunning = false;
            realm.Leave(frame);
        }

        return _step.IsCompleted ? _step.GetResult() : JsValue.Undefined;
    }

    public Coroutine Suspend(JsValue value, bool isAwait)
    {
        Handed = value;
        IsAwait = isAwait;
        return this;
    }

    public Coroutine GetAwaiter() => this;

    public void OnCompleted(Action continuation) => _continuation = continuation;

    public JsValue GetResult() => _mode switch
    {
        ResumeMode.Throw => throw new JsThrow(_sent),
        ResumeMode.Return => throw new ReturnSignal(_sent),
        _ => _sent,
    };
}
