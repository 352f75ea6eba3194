using System.Text.RegularExpressions;

namespace DsrService.Tests.EdgeCases;

/// <summary>The page of the sixty cases says nothing that is not there.</summary>
internal sealed partial class EdgeCasePageTests
{
    [Test]
    public void Page_EachCase_IsThereOnceAndSaysWhatHappens()
    {
        var rows = Rows();

        Assert.That(rows.Select(row => row[1]), Is.EqualTo(Enumerable.Range(1, 60).Select(number => FormattableString.Invariant($"E{number}"))));
        Assert.That(rows, Is.All.Matches<string[]>(row => row[2].Length > 20 && row[3].Length > 10));
    }

    [Test]
    public void Page_EachTestItNames_Exists()
    {
        var tests = typeof(EdgeCasePageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet();

        var named = Rows().SelectMany(row => Name().Matches(row[3]).Select(match => match.Groups[1].Value)).ToList();

        Assert.That(named, Has.Count.GreaterThan(50));
        Assert.That(named.Where(name => !tests.Contains(name)), Is.Empty);
    }

    private static List<string[]> Rows()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DsrService.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The solution's folder was not found.");
        return [.. File.ReadLines(Path.Combine(folder.FullName, "src/decisions/0009-sixty-cases-at-the-edge.md")).Where(line => line.StartsWith("| E", StringComparison.Ordinal))
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z_0-9]+)`")]
    private static partial Regex Name();
}
