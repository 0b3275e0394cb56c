namespace Quiesce.Server.Screens;

/// <summary>What the list of jobs can do with one.</summary>
public enum JobDeed { Start, Stop, StopNow, Retry, Enable, Disable, Delete }
