using Quiesce.EndToEnd.Tests.Storage;

// Run by the tests themselves as a child process that they can kill: dotnet Quiesce.EndToEnd.Tests.dll VERB ARGUMENT.
return args switch
{
    ["write-store", var folder] => await StoreChild.WriteAsync(folder),
    ["hold-folder", var folder] => await StoreChild.HoldFolderAsync(folder),
    _ => 2,
};
