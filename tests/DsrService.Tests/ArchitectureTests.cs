using System.Reflection;
using System.Text.RegularExpressions;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests;

/// <summary>The rules between folders.</summary>
internal sealed partial class ArchitectureTests
{
    private static readonly Assembly Service = typeof(Failure).Assembly;
    private static readonly string Source = FindSource();

    [Test]
    public void Rules_EveryFile_KnowsNeitherDatabaseNorWeb()
    {
        var files = Files("Deadlines/Rules").Concat(Files("Applicability/Rules")).Concat(Files("Fulfilment/Plan"))
            .Append(Path.Combine(Source, "DsrService/Requests/RequestLifecycle.cs"));
        Assert.That(files.Where(file => Forbidden().IsMatch(File.ReadAllText(file))), Is.Empty);
    }

    [Test]
    public void Rules_EveryFile_TakeTheDayAsAParameter() =>
        Assert.That(Files("Deadlines/Rules").Concat(Files("Applicability/Rules")).Concat(Files("Fulfilment/Plan"))
            .Where(file => File.ReadAllText(file).Contains("TimeProvider", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Pages_EveryRazorFile_SavesNothing() =>
        Assert.That(Directory.EnumerateFiles(Source, "*.razor", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("SaveChanges", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Types_Names_SayWhatTheyDo() =>
        Assert.That(Service.GetTypes().Concat(typeof(SystemTask).Assembly.GetTypes())
            // What the compiler adds has namespaces of its own.
            .Where(type => type.Namespace?.StartsWith("DsrService", StringComparison.Ordinal) == true).Select(type => type.Name)
            .Where(name => name == "Extensions" || name.EndsWith("Helper", StringComparison.Ordinal)
                || name.EndsWith("Manager", StringComparison.Ordinal) || name.EndsWith("Util", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Contracts_PersonalMembers_OnlyInIdentifierAndCorrection() =>
        Assert.That(typeof(SystemTask).Assembly.GetTypes().Where(type => type.Namespace == typeof(SystemTask).Namespace)
            .Where(type => type.GetProperties().Any(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Personal<>)))
            .Select(type => type.Name), Is.EquivalentTo([nameof(SubjectIdentifier), nameof(Correction)]));

    [Test]
    public void Demo_ItsRoutes_AreNowhereElse() =>
        Assert.That(Directory.EnumerateFiles(Path.Combine(Source, "DsrService"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\"/demo", StringComparison.Ordinal)), Is.Empty);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Source, "DsrService", folder), "*.cs", SearchOption.AllDirectories);

    private static string FindSource()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DsrService.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The solution's folder was not found.");
        return Path.Combine(folder.FullName, "src");
    }

    [GeneratedRegex(@"using (Microsoft\.EntityFrameworkCore|Microsoft\.AspNetCore|Npgsql|DsrService\.Data\b(?!Map)|DsrService\.Web)")]
    private static partial Regex Forbidden();
}
