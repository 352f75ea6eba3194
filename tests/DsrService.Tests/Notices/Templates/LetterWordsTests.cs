using System.Reflection;
using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Notices.Templates;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Notices.Templates;

internal sealed class LetterWordsTests
{
    [Test]
    public void Find_EveryChoiceOfTheCode_HasWordsInEveryLanguage([Values("en", "sv", "de", "fr", "es")] string language)
    {
        var words = LetterSet.BuiltIn.In(language).Words(underUkLaw: false);
        var codes = typeof(ReasonCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => $"reasons.{field.GetRawConstantValue()}");

        Assert.That(
            codes.Concat(Keys<Right>("rights")).Concat(Keys<Right>("asked")).Concat(Keys<ExtensionGround>("extensionGrounds")).Concat(Keys<RefusalGround>("refusalGrounds"))
                .Concat(Keys<LegalBasis>("legalBases")).Concat(Keys<RetentionStart>("storage")).Concat(Keys<DataSource>("sources")).Concat(Keys<RecipientRole>("roles"))
                .Where(key => words.Find(key) is null),
            Is.Empty);
    }

    private static IEnumerable<string> Keys<T>(string section) where T : struct, Enum => Enum.GetValues<T>().Select(value => $"{section}.{DsrJson.Kebab(value)}");
}
