using System.CommandLine;

namespace DsrService.DataMap;

/// <summary>The verb <c>datamap check</c>: says everything that is wrong with a data map, without a database.</summary>
internal static class DataMapCheck
{
    public static Command Command()
    {
        var file = new Argument<FileInfo>("file") { Description = "The data map, in YAML" };
        var check = new Command("check", "Reads a data map and names every error by file, line and reason") { file };
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
            foreach (var mistake in reading.Errors)
                await error.WriteLineAsync(mistake.ToString());
            if (reading.Map is not { } map)
                return 1;
            await output.WriteLineAsync(
                $"{path.Name}: no errors; {map.Controller.Key} with {map.Activities.Count} activities, {map.Categories.Count} categories, {map.Systems.Count} systems; {map.ContentHash()}");
            return 0;
        });
        return new Command("datamap", "Checks data maps") { check };
    }
}
