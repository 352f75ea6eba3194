using YamlDotNet.Core;

namespace DsrService.DataMap;

/// <summary>What is wrong with a data map, and where.</summary>
internal sealed record DataMapError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}

/// <summary>The data map, or everything that is wrong with it.</summary>
internal sealed record DataMapReading(ControllerDataMap? Map, IReadOnlyList<DataMapError> Errors);

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class DataMapErrors(string file)
{
    private readonly List<DataMapError> errors = [];

    public bool Any => errors.Count > 0;

    public void Add(Mark place, string message) => Add((int)place.Line, message);

    public void Add(int line, string message) => errors.Add(new(file, line, message));

    public IReadOnlyList<DataMapError> InOrder() => [.. errors.Distinct().OrderBy(error => error.Line)];
}
