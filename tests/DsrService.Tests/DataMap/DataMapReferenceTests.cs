using System.Text.RegularExpressions;

namespace DsrService.Tests.DataMap;

/// <summary>The page that explains a data map, against what is really read from one.</summary>
internal sealed class DataMapReferenceTests
{
    [Test]
    public void Reference_NamesEveryFieldThatIsRead()
    {
        var sources = Directory.GetFiles(Path.Combine(TestService.Repository, "src", "DsrService", "DataMap"), "*.cs").Select(File.ReadAllText).ToList();
        var read = sources.SelectMany(source => Regex.Matches(source,
                @"(?:\w+\.(?:Optional)?(?:Required)?(?:Key|Text|Texts|Local|Flag|Choice|Choices|Period|Reference|References|Fields|List)(?:<\w+>)?\(|Read\(fields, |field = )""(\w+)""").Select(match => match.Groups[1].Value)).ToHashSet();
        var explained = Regex.Matches(File.ReadAllText(Path.Combine(TestService.Repository, "deploy", "datamaps", "README.md")), @"`(\w+)`|^## (.+)$", RegexOptions.Multiline)
            .SelectMany(match => match.Groups[1].Success ? [match.Groups[1].Value] : match.Groups[2].Value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).ToHashSet();

        Assert.That(read, Has.Count.GreaterThan(60));
        Assert.That(read.Except(explained), Is.Empty);
    }
}
