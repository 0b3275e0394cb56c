using Quiesce.Engine;

namespace Quiesce.Jobs.Activities;

internal static class SessionHosts
{
    /// <summary>The session an activity runs in.</summary>
    /// <exception cref="ActivityFaultException">It runs outside any session.</exception>
    public static SessionHost Of(ActivityContext context) => context.Host as SessionHost
        ?? throw new ActivityFaultException($"'{context.Node.TypeName}' ({context.ActivityId}) works only inside a session: start it through a job whose workflow contains it");
}
