using System.Globalization;
using System.Net;
using Tocsin.Alerting.Time;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.EmergencyCards;

/// <summary>An emergency card as a page to print: A5, black on white, in French and in English because it may serve in anybody's hands.</summary>
internal static class EmergencyCardPage
{
    public static PrintedEmergencyCard Print(AccountHolder holder, EmergencyCard card, IReadOnlyList<string> codes, string organisation, IanaTimeZone zone, Uri server)
    {
        var signIn = new Uri($"{server.GetLeftPart(UriPartial.Authority)}/sign-in#card={Uri.EscapeDataString(holder.Account.UserName!)}");
        var qr = QrCode.Svg(signIn.ToString());
        return new PrintedEmergencyCard(card.Id, holder.Account.UserName!, codes, signIn, qr, Page(holder, card, codes, organisation, zone, server, qr));
    }

    private static string Page(AccountHolder holder, EmergencyCard card, IReadOnlyList<string> codes, string organisation, IanaTimeZone zone, Uri server, string qr)
    {
        var date = zone.WallTimeOf(card.CreatedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var rows = string.Concat(codes.Select(code => $"<li><span class=\"box\"></span><code>{code}</code></li>"));
        return $$"""
            <!doctype html>
            <html lang="fr"><head><meta charset="utf-8"><title>Tocsin · Carte d’urgence · Emergency card</title>
            <style>
              @page { size: A5; margin: 12mm }
              body { font: 11pt/1.35 system-ui, sans-serif; color: #000; background: #fff; max-width: 128mm; margin: 0 auto }
              h1 { font-size: 16pt; margin: 0 } header, main { display: flex; gap: 6mm; justify-content: space-between }
              header { border-bottom: 1.5pt solid #000; padding-bottom: 3mm; margin-bottom: 4mm }
              .qr { width: 42mm; flex: none } .qr svg { width: 100%; display: block }
              ol { margin: 0; padding-left: 7mm } li { margin: 1.2mm 0 } code { font: bold 12pt ui-monospace, monospace }
              .box { display: inline-block; width: 3.4mm; height: 3.4mm; border: 1pt solid #000; margin-right: 3mm; vertical-align: -0.3mm }
              .en { font-style: italic } p { margin: 2mm 0 }
            </style></head><body>
            <header><div><h1>Carte d’urgence <span class="en">· Emergency card</span></h1><div>{{Text(organisation)}}</div></div><div>{{Text(date)}}</div></header>
            <main><div>
              <p><strong>{{Text(holder.Name)}}</strong><br>{{Text(holder.Account.UserName!)}}<br>{{Text(server.GetLeftPart(UriPartial.Authority))}}</p>
              <ol>{{rows}}</ol>
            </div><div class="qr">{{qr}}</div></main>
            <p>Lisez le QR code ou ouvrez l’adresse, choisissez « Carte d’urgence » et tapez un code non coché. Chaque code sert une seule fois : cochez-le. La session dure 12 heures au plus.</p>
            <p class="en">Scan the QR code or open the address, choose “Emergency card” and type a code that is not ticked. Each code works once: tick it. The session lasts 12 hours at most.</p>
            <p>Conservez cette carte sous clé. Perdue ? Révoquez-la dans Tocsin. <span class="en">Keep this card locked away. Lost? Revoke it in Tocsin.</span> {{Text(card.Label)}}</p>
            </body></html>
            """;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
