using DsrService.Testing;

namespace DsrService.Tests.Connectors.OpenDsr;

/// <summary>The maps of the demo, some of them changed.</summary>
internal static class TestMaps
{
    /// <summary>The setting that names the folder.</summary>
    public static (string Name, string Value) Changed(params (string File, Func<string, string> Change)[] changes)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DsrService.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside their repository.");
        var folder = Reaper.Folder("maps");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "deploy", "datamaps"), "*.yaml"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        foreach (var (file, change) in changes)
        {
            var path = Path.Combine(folder, file);
            var (before, after) = (File.ReadAllText(path), change(File.ReadAllText(path)));
            Assert.That(after, Is.Not.EqualTo(before), "the map no longer has what the test changes");
            File.WriteAllText(path, after);
        }
        return ("Dsr:DataMaps", folder);
    }
}
