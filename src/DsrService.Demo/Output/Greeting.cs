using System.Text;

namespace DsrService.Demo.Output;

/// <summary>What is printed once the demo serves.</summary>
internal static class Greeting
{
    public static string Of(Uri root, DemoFile file)
    {
        var text = new StringBuilder().Append("ready ").Append(root.GetLeftPart(UriPartial.Authority)).Append('\n')
            .Append("  portal    ").Append(root).Append('\n')
            .Append("  desk      ").Append(new Uri(root, "/desk")).Append('\n')
            .Append("  mailbox   ").Append(new Uri(root, "/demo")).Append('\n');
        foreach (var signIn in file.SignIns)
            text.Append("    ").Append(signIn.Role.PadRight(14)).Append(signIn.UserName).Append(" / ").Append(signIn.Password).Append('\n');
        return text.ToString();
    }
}
