using System.Runtime.CompilerServices;

namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>A piece of evaluation that may be suspended by yield or await. Unlike a task it never leaves the thread: whoever resumes the coroutine runs the rest inline.</summary>
[AsyncMethodBuilder(typeof(StepBuilder<>))]
internal sealed class Step<T> : INotifyCompletion
{
    private Action? _continuation;
    private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _failure;
    private T? _result;

    public Step() { }

    public Step(T result) => Complete(result);

    public bool IsCompleted { get; private set; }

    public Step<T> GetAwaiter() => this;

    public T GetResult()
    {
        _failure?.Throw();
        return _result!;
    }

    public void OnCompleted(Action continuation) => _continuation = continuation;

    public void Complete(T result)
    {
        _result = result;
        IsCompleted = true;
        _continuation?.Invoke();
    }

    public void Fail(Exception failure)
    {
        _failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure);
        IsCompleted = true;
        _continuation?.Invoke();
    }
}

[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "The compiler calls these on an instance.")]
internal struct StepBuilder<T>
{
    private Action? _moveNext;

    public Step<T> Task { get; private init; }

    public static StepBuilder<T> Create() => new() { Task = new() };

    public readonly void Start<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine => machine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine machine) { }

    public readonly void SetResult(T result) => Task.Complete(result);

    public readonly void SetException(Exception failure) => Task.Fail(failure);

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion where TMachine : IAsyncStateMachine
    {
        if (_moveNext is null)
        {
            var box = new Box<TMachine>();
            _moveNext = box.MoveNext;
            box.Machine = machine;
        }

        awaiter.OnCompleted(_moveNext);
    }

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion where TMachine : IAsyncStateMachine => AwaitOnCompleted(ref awaiter, ref machine);

    private sealed class Box<TMachine> where TMachine : IAsyncStateMachine
    {
        public TMachine Machine = default!;

        public void MoveNext() => Machine.MoveNext();
    }
}
