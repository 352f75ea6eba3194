using System.CommandLine;
using DsrService.Connectors.Sql;
using DsrService.Fulfilment;

namespace DsrService.DataMap;

/// <summary>The verb <c>datamap check</c>: says everything that is wrong with a data map and with the mappings of its
/// databases beside it, without a database.</summary>
internal static class DataMapCheck
{
    public static Command Command()
    {
        var file = new Argument<FileInfo>("file") { Description = "The data map, in YAML" };
        var check = new Command("check", "Reads a data map and the mappings of its databases, and names every error by file, line and reason") { file };
        check.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetValue(file)!;
            if (!path.Exists)
            {
                await error.WriteLineAsync($"{path.Name}: there is no such file.");
                return 1;
            }
            var reading = DataMapReader.Read(await File.ReadAllTextAsync(path.FullName, cancel), path.Name);
            var mistakes = reading.Map is null ? reading.Errors : await MappingErrorsAsync(path.DirectoryName!, reading.Map, cancel);
            foreach (var mistake in mistakes)
                await error.WriteLineAsync(mistake.ToString());
            if (reading.Map is not { } map || mistakes.Count > 0)
                return 1;
            await output.WriteLineAsync(
                $"{path.Name}: no errors; {map.Controller.Key} with {map.Activities.Count} activities, {map.Categories.Count} categories, {map.Systems.Count} systems; {map.ContentHash()}");
            return 0;
        });
        return new Command("datamap", "Checks data maps") { check };
    }

    private static async Task<IReadOnlyList<DataMapError>> MappingErrorsAsync(string folder, ControllerDataMap map, CancellationToken cancel)
    {
        var errors = new List<DataMapError>();
        foreach (var system in map.Systems.Where(system => system.Binding is Binding.Sql))
            errors.AddRange((await SqlSystems.ReadAsync(new(SqlSystems.FileOf(folder, map.Controller.Key, system.Key)), map.Controller.Key, system.Key, map, cancel)).Errors);
        return errors;
    }
}
