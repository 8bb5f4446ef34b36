using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tocsin.Alerting;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Scenarios.Published;
using Tocsin.Scenarios.Secrets;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Crises;

/// <summary>
/// A whole crisis, in French, before the real program: six people in three cells, two of them on phones, and a supplier as a guest. They are alerted, call each other, keep log and tasks, publish two situation reports and
/// hand over; the server is killed, a line is lost; 10,000 staff and the public are told; the crisis is closed and exported, and its record is what was entered, on everybody's pages and in the archive.
/// </summary>
/// <remarks>
/// Everything is pressed in the pages, from one address on. Somebody is offline for as long as the others write the second half of the log and the second report: nothing waits for ten minutes to pass, and what a longer absence
/// adds is only that more was written. People are imported by the command; they are signed in by sessions of the database, which stand for what signing in leaves.
/// </remarks>
public sealed class OneCrisisTests
{
    private const int TimeLimit = 900_000;
    private const int Staff = 10_000;
    private const int Alerted = 30;
    private const int Answering = 10;
    private const string Crisis = "Rançongiciel au CHU de Valmont";
    private const string Strategic = "Cellule stratégique";
    private const string Technical = "Cellule technique";
    private const string Communication = "Cellule communication";
    private const string Supplier = "Inès Garnier, Fluides & Cie";
    private const string BulletinText = "N’allumez aucun poste. Les soins continuent sur papier. Prochaine information à 7 h.";
    private const string BulletinTitle = "Informatique arrêtée : consignes à tout le personnel";

    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(CrisisPerson.PatienceMilliseconds);

    private static readonly (string Given, string Family, string Function, Roles Roles, bool IsOnPhone)[] cast =
    [
        ("Claire", "Morel", "Directeur de crise", Roles.CrisisDirector | Roles.CrisisMember | Roles.Staff, false),
        ("Bruno", "Keller", "Direction générale", Roles.CrisisDirector | Roles.CrisisMember | Roles.Staff, false),
        ("Nadia", "Haddad", "RSSI", Roles.CrisisMember | Roles.Staff, true),
        ("Karim", "Benali", "DSI", Roles.CrisisMember | Roles.Staff, true),
        ("Sophie", "Laurent", "Responsable de la communication", Roles.Communicator | Roles.CrisisMember | Roles.Staff, false),
        ("Julien", "Petit", "Responsable de la communication", Roles.Communicator | Roles.CrisisMember | Roles.Staff, false),
    ];

    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>What was entered into each log and by whom, in no order: they write at the same time.</summary>
    private readonly Dictionary<string, List<(string Text, string Author)>> entered = new(StringComparer.Ordinal) { [""] = [], [Strategic] = [], [Technical] = [], [Communication] = [] };

    /// <summary>Titles of the plan's first tasks, which stand in its text on the server.</summary>
    private readonly List<string> planned = [];

    /// <summary>Titles of those that were added, which nobody but the crisis knows.</summary>
    private readonly List<string> tasks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TimeLimit)]
    public async Task A_crisis_goes_from_its_alert_to_a_verified_archive_through_a_killed_server_and_a_lost_line_and_its_record_is_complete()
    {
        using var data = new ScratchDirectory();
        using var published = new ScratchDirectory();
        await using var sms = new SmppCarrier { Arrivals = new Arrivals(JudgeAlert) };
        await using var mail = new MailCarrier();
        var settings = new Dictionary<string, object>(CarrierConfiguration.Of(sms.Port, mail.Port), StringComparer.Ordinal) { ["publicPage"] = new { directory = published.Path } };
        await using var server = ServerProcess.Prepare(data, null, settings, PublishedProgram.IfThere, Path.Combine(Repository.Root, "web", "dist"));
        await ImportAsync(server, data);
        await using var organisation = Organisation.Open(DatabaseOptions.SqliteFile(data.File("tocsin.db")));
        await StartAsync(server);
        await using var chromium = await Chromium.StartAsync();
        var six = await SignInAsync(chromium.Browser, server, organisation);
        var (claire, bruno, nadia, karim, sophie, julien) = (six[0], six[1], six[2], six[3], six[4], six[5]);
        Tell("six are at their pages");

        await BeginLibraryAsync(claire);
        await AlertAsync(six, sms);
        Tell("the alert has reached them, and answers are on the board");
        await OpenFromPlanAsync(claire);
        await Task.WhenAll(six[1..].Select(person => person.OpenCrisisAsync(Crisis)));
        await claire.PictureAsync("1-opened");
        await nadia.PictureAsync("1-opened");
        Tell("the crisis is open");
        var guest = await LetGuestInAsync(chromium.Browser, server, nadia);
        await CallAsync(claire, nadia, karim);
        Tell("three of a cell have seen and heard each other");

        await WriteFirstHalfAsync(six);
        await ShareTasksAsync(claire, bruno, nadia, karim, sophie, julien);
        Tell("first half of the log, and the tasks");
        await ReportAsync(1, bruno, claire, "Serveur Perséphone chiffré : soins sur papier depuis 3 h 10.");
        await bruno.PictureAsync("2-report");
        var firstLife = await KillWhileTheyWriteAsync(server, bruno, karim, sophie, six, guest, nadia);
        Tell("the server was killed, and everybody goes on");
        await HandOverAsync(claire, bruno, six);
        Tell("led by another");

        await karim.OpenLogAsync(Crisis);
        await karim.Page.Context.SetOfflineAsync(true);
        var bulletin = await TellEverybodyAsync(sophie, julien, claire, mail);
        await WriteSecondHalfAsync(claire, bruno, nadia, karim, sophie, julien);
        await ReportAsync(2, bruno, claire, "Sauvegarde Eurydice intacte : restauration commencée à 5 h 40.");
        await bruno.Page.Locator("ins").Filter(new() { HasText = "Sauvegarde Eurydice intacte" }).First.WaitForAsync();
        await bruno.Page.Locator("del").Filter(new() { HasText = "Serveur Perséphone chiffré" }).First.WaitForAsync();
        await bruno.PictureAsync("4-differences");
        Assert.DoesNotContain(await CrisisRecord.ReadLogAsync(karim), line => line.Text.Contains("Point de situation n° 2", StringComparison.Ordinal));
        await Assertions.Expect(karim.Page.GetByText("En attente d’envoi", new() { Exact = true })).ToHaveCountAsync(2);
        await karim.PictureAsync("4-offline");
        await karim.Page.Context.SetOfflineAsync(false);
        await karim.Page.GetByText("Point de situation n° 2 publié", new() { Exact = false }).First.WaitForAsync();
        await WorkOnTasksAsync(bruno, nadia, sophie, julien);
        Tell("second half of the log, a second report, and who was offline has them");

        await ArriveAsync(bulletin, nadia, published.Path);
        Tell("10,000 staff and the public are told");
        await CloseAsync(bruno, six);
        var archive = await ExportAsync(claire, data.File("crisis.tocsin-crisis"));
        var texts = await VerifyAsync(server, archive, data.File("extracted"));
        Tell("closed, exported and verified");

        await CompareAsync(six, texts);
        await CrisisAttendance.CompareAsync(Crisis, Technical, [claire, nadia, karim], [bruno, sophie, julien], texts, organisation, Cancellation);
        foreach (var person in six.Append(guest)) Assert.True(await person.WasNeverReloadedAsync(), person.Name);
        await KeepNothingAsync(data, firstLife + server.Output);
        Assert.Empty(sms.Faults);
        Assert.Empty(mail.Faults);
        Tell("the record is complete, in order and the same everywhere; the server has no word of it");
    }

    private void Tell(string what) => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {what} (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));

    private static string? JudgeAlert(string address, string text) => text.Contains(Crisis, StringComparison.Ordinal) ? null : $"{address} got other words: {text}";

    private static string? JudgeBulletin(string address, string text) => text.Contains(BulletinText, StringComparison.Ordinal) ? null : $"{address} got other words: {text}";

    private static string NumberOf(int index) => string.Create(CultureInfo.InvariantCulture, $"+336{index:D8}");

    /// <summary>Ten thousand staff and the six, by one CSV file. Those who are alerted are a group.</summary>
    private static async Task ImportAsync(ServerProcess server, ScratchDirectory data)
    {
        var csv = new StringBuilder("Nom;Prénom;Matricule;Mobile;Courriel;Groupes;Fonctions de crise;Langue\n");
        for (var i = 0; i < cast.Length + Staff; i++)
        {
            var (family, given) = i < cast.Length ? (cast[i].Family, cast[i].Given) : (string.Create(CultureInfo.InvariantCulture, $"Martin{i}"), "Camille");
            csv.AppendLine(CultureInfo.InvariantCulture, $"{family};{given};{i};{NumberOf(i)};p{i}@chu.example;{(i < Alerted ? "Astreinte de crise" : "")};{(i < cast.Length ? cast[i].Function : "")};fr");
        }

        var file = data.File("people.csv");
        await File.WriteAllTextAsync(file, csv.ToString(), Cancellation);
        await RunAsync(server, "people", "import", file, "--apply", "--data", data.Path, "--json");
    }

    private static async Task StartAsync(ServerProcess server)
    {
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
    }

    private static async Task<List<CrisisPerson>> SignInAsync(IBrowser browser, ServerProcess server, Organisation organisation)
    {
        var cookies = new List<string>();
        foreach (var (given, family, _, roles, _) in cast)
        {
            PersonId person;
            await using (var db = await organisation.ContextAsync(Cancellation))
                person = await db.Set<Person>().Where(one => one.FamilyName == family && one.GivenName == given).Select(one => one.Id).SingleAsync(Cancellation);
            cookies.Add(await organisation.SignInAsync(person, roles, family.ToLowerInvariant(), Cancellation));
        }

        var six = await Task.WhenAll(cast.Select((one, i) => CrisisPerson.OpenAsync(browser, server.Address, $"{one.Given} {one.Family}", one.IsOnPhone, cookies[i])));
        foreach (var person in six) await person.ReadsAsync("Cet appareil est prêt pour le chiffrement");
        return [.. six];
    }

    private static async Task BeginLibraryAsync(CrisisPerson director)
    {
        await director.GoToAsync("Plans");
        await director.PressAsync("Commencer une bibliothèque");
        await director.Dialog.GetByRole(AriaRole.Button, new() { Name = "Commencer la bibliothèque" }).ClickAsync();
        await director.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Rançongiciel Version", RegexOptions.None, TimeSpan.FromSeconds(1)) }).WaitForAsync();
    }

    /// <summary>By SMS, mail and in the application; those at their pages answer there, others by a digit from their phones.</summary>
    private static async Task AlertAsync(List<CrisisPerson> six, SmppCarrier sms)
    {
        var director = six[0];
        await director.GoToAsync("En cours");
        await director.FollowAsync("Lancer une alerte");
        await director.FollowBeginningAsync("Alerte libre");
        await director.Page.GetByLabel("Titre").FillAsync(Crisis);
        await director.Page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("Rejoignez votre cellule dans Tocsin. N'allumez aucun poste.");
        var audience = director.Page.Locator("details").Filter(new() { HasText = "Destinataires" }).First;
        if (await audience.GetAttributeAsync("open") is null) await audience.Locator("summary").ClickAsync();
        await audience.GetByRole(AriaRole.Searchbox).FillAsync("Astreinte");
        await audience.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Astreinte de crise", RegexOptions.None, TimeSpan.FromSeconds(1)) }).First.ClickAsync();
        await director.HoldAsync($"^Alerter {Alerted} personnes");
        await sms.Arrivals.AddressesReachAsync(Alerted).WaitAsync(patience, Cancellation);
        Assert.Empty(sms.Arrivals.Complaints);
        await six[2].Dialog.GetByRole(AriaRole.Heading, new() { Name = Crisis }).WaitForAsync();
        await six[2].PictureAsync("0-alert");
        for (var i = cast.Length; i < cast.Length + Answering; i++) sms.Reply(NumberOf(i), "1");
        await Task.WhenAll(six[1..].Select(async person =>
        {
            await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "J'arrive" }).ClickAsync();
            await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Revenir à la page" }).ClickAsync();
        }));
        await director.Page.GetByText(string.Create(CultureInfo.InvariantCulture, $"{cast.Length - 1 + Answering} personnes sur {Alerted} ont répondu.")).First.WaitForAsync();
        await director.PictureAsync("0-board");
    }

    /// <summary>From the board of the alert: the plan fills three cells with who holds their functions, and their first tasks.</summary>
    private async Task OpenFromPlanAsync(CrisisPerson director)
    {
        await director.FollowAsync("Ouvrir une crise");
        await director.Page.GetByLabel("Plan", new() { Exact = false }).First.SelectOptionAsync(new SelectOptionValue { Label = "Rançongiciel" });
        await director.Page.GetByRole(AriaRole.Group, new() { Name = Technical }).GetByText("Karim Benali").First.WaitForAsync();
        await director.Page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex("^Cellule opérationnelle", RegexOptions.None, TimeSpan.FromSeconds(1)) }).UncheckAsync();
        await director.PictureAsync("1-opening");
        await director.HoldAsync("^Ouvrir la crise : vous et 5 personnes");
        await director.ReadsHeadingAsync(Crisis);
        await director.ReadsAsync("Plan suivi");
        foreach (var cell in new[] { Strategic, Technical, Communication })
        {
            await director.OpenTasksAsync(Crisis, cell);
            planned.AddRange((await CrisisRecord.ReadTasksAsync(director)).Keys);
        }

        await director.OpenCrisisAsync(Crisis);
    }

    /// <summary>By a link from a phone, and a code that both read.</summary>
    private static async Task<CrisisPerson> LetGuestInAsync(IBrowser browser, ServerProcess server, CrisisPerson host)
    {
        await host.FollowAsync($"Ouvrir la cellule {Technical}");
        await host.PressAsync("3 membres");
        await host.PressAsync("Créer un lien");
        var link = await host.Page.GetByRole(AriaRole.Textbox, new() { Name = "Lien à transmettre" }).InputValueAsync();
        await host.Page.Keyboard.PressAsync("Escape");
        var guest = await CrisisPerson.OpenAsync(browser, server.Address, Supplier, false, null, "/guest" + new Uri(link).Fragment);
        await guest.Page.GetByRole(AriaRole.Textbox, new() { Name = "Votre nom et votre organisation" }).FillAsync(Supplier);
        await guest.PressAsync("Demander à entrer");
        await guest.ReadsAsync("Une personne du salon décide");
        var code = await guest.Page.Locator(".code strong").InnerTextAsync();
        await host.ReadsAsync($"{Supplier} demande à entrer comme invité");
        await host.PictureAsync("2-guest");
        Assert.Equal(code, await host.Page.Locator(".code strong").InnerTextAsync());
        await host.PressAsync($"Laisser entrer {Supplier}");
        await guest.Page.GetByRole(AriaRole.Textbox, new() { Name = "Votre message" }).WaitForAsync();
        await guest.WriteAsync("Nos pare-feux Tantale sont isolés depuis 2 h 50.");
        await host.ReadsMessageAsync("Nos pare-feux Tantale sont isolés depuis 2 h 50.");
        return guest;
    }

    private static async Task CallAsync(CrisisPerson director, CrisisPerson caller, CrisisPerson other)
    {
        await caller.PressAsync("Appeler les membres");
        CrisisPerson[] called = [director, other];
        foreach (var person in called) await person.FollowAsync($"Ouvrir la cellule {Technical}");
        foreach (var person in called) await person.FollowAsync("Rejoindre l’appel");
        CrisisPerson[] three = [caller, .. called];
        foreach (var person in three) await person.GoIntoCallAsync();
        await Task.WhenAll(three.Select(person => person.SeesAndHearsAsync(2)));
        await caller.PictureAsync("2-call");
        await director.PictureAsync("2-call");
        foreach (var person in three)
        {
            await person.PressAsync("Quitter la réunion");
            await person.Page.GetByText("Vous avez quitté la réunion").First.WaitForAsync();
            await person.FollowAsync("Revenir aux réunions");
        }
    }

    /// <summary>All six at the same time, into the log that everybody reads.</summary>
    private Task WriteFirstHalfAsync(List<CrisisPerson> six) => Task.WhenAll(six.Select(async person =>
    {
        await person.OpenLogAsync(Crisis);
        for (var i = 1; i <= 3; i++) await EnterAsync(person, "", $"{person.Name} constate, relevé {i} : le service Cerbère ne répond plus.", i == 1 ? "Décision" : null);
    }));

    private async Task EnterAsync(CrisisPerson person, string cell, string text, string? kind = null)
    {
        await person.EnterLineAsync(text, kind);
        Note(person, cell, text);
    }

    private void Note(CrisisPerson person, string cell, string text)
    {
        lock (entered) entered[cell].Add((text, person.Name));
    }

    /// <summary>Thirteen besides the twelve of the plan: from phones and desks at the same time.</summary>
    private async Task ShareTasksAsync(params CrisisPerson[] six)
    {
        (CrisisPerson Person, string? Cell, string[] Titles)[] given =
        [
            (six[0], null, ["Réserver la salle Orphée pour la relève", "Prévoir les repas de la nuit"]),
            (six[1], Strategic, ["Appeler le directeur de l’ARS", "Prévenir le conseil d’administration", "Valider la communication de 6 h"]),
            (six[2], Technical, ["Isoler la salle Eurydice", "Copier les journaux du pare-feu"]),
            (six[3], Technical, ["Vérifier la sauvegarde hors ligne", "Compter les postes atteints"]),
            (six[4], Communication, ["Afficher la consigne aux entrées", "Préparer la réponse à la presse"]),
            (six[5], Communication, ["Prévenir les partenaires", "Mettre à jour le standard"]),
        ];
        await Task.WhenAll(given.Select(async one =>
        {
            await one.Person.OpenTasksAsync(Crisis, one.Cell);
            foreach (var title in one.Titles)
            {
                await one.Person.AddTaskAsync(title);
                lock (tasks) tasks.Add(title);
            }

            await one.Person.StartTaskAsync(one.Titles[0]);
        }));
        await six[1].PictureAsync("3-tasks");
        await six[3].PictureAsync("3-tasks");
        Assert.Equal(25, planned.Count + tasks.Count);
    }

    private async Task WorkOnTasksAsync(params CrisisPerson[] four)
    {
        (CrisisPerson Person, string Cell, string Title)[] done =
            [(four[0], Strategic, "Appeler le directeur de l’ARS"), (four[1], Technical, "Isoler la salle Eurydice"), (four[2], Communication, "Afficher la consigne aux entrées"), (four[3], Communication, "Prévenir les partenaires")];
        await Task.WhenAll(done.Select(async one =>
        {
            await one.Person.OpenTasksAsync(Crisis, one.Cell);
            await one.Person.FinishTaskAsync(one.Title);
            await one.Person.Page.Locator("section[aria-label='Terminé']").GetByText(one.Title, new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }));
    }

    /// <summary>Prepared and submitted by one, read and approved by another, published.</summary>
    private static async Task ReportAsync(int number, CrisisPerson author, CrisisPerson approver, string brief)
    {
        await author.OpenCrisisAsync(Crisis);
        await author.FollowAsync("Points de situation");
        await author.PressAsync("Préparer le prochain point");
        await author.Dialog.GetByText("Trame du plan « Rançongiciel »").WaitForAsync();
        await author.PressAsync("Commencer le point");
        await author.PressAsync("Modifier : En bref");
        await author.Dialog.GetByLabel("Texte").FillAsync(brief);
        await author.PressAsync("Enregistrer la rubrique");
        await author.Page.GetByRole(AriaRole.Region, new() { Name = "En bref" }).GetByRole(AriaRole.Paragraph).GetByText(brief).First.WaitForAsync();
        await author.PressAsync("Soumettre à l’approbation");
        await approver.OpenCrisisAsync(Crisis);
        await approver.FollowAsync("Points de situation");
        await approver.PressAsync("Lire et approuver");
        await approver.Dialog.GetByText(brief).First.WaitForAsync();
        await approver.PressAsync("J’ai tout lu : j’approuve ce texte");
        await author.HoldAsync(string.Create(CultureInfo.InvariantCulture, $"^Publier pour 6 personnes : point n° {number}$"));
        await author.Page.GetByRole(AriaRole.Heading, new() { Name = string.Create(CultureInfo.InvariantCulture, $"Point de situation n° {number}"), Level = 1 }).WaitForAsync();
    }

    /// <summary>The server dies while three write a line and the guest a message: all of it waits in their pages, and arrives once another life has begun.</summary>
    /// <returns>What the first life wrote into its log.</returns>
    private async Task<string> KillWhileTheyWriteAsync(ServerProcess server, CrisisPerson first, CrisisPerson second, CrisisPerson third, List<CrisisPerson> six, CrisisPerson guest, CrisisPerson host)
    {
        CrisisPerson[] writing = [first, second, third];
        static string TextOf(CrisisPerson person) => $"{person.Name} écrit pendant la coupure : groupe Styx démarré.";
        await Task.WhenAll(six.Select(person => person.OpenLogAsync(Crisis)));
        await Task.WhenAll(writing.Select(person => person.BeginLineAsync(TextOf(person))));
        var written = server.Output;
        await server.KillAsync();
        foreach (var person in writing)
        {
            await person.EndLineAsync(TextOf(person));
            await person.ReadsAsync("En attente d’envoi");
            Note(person, "", TextOf(person));
        }

        await second.PictureAsync("3-server-dead");
        await guest.Page.GetByRole(AriaRole.Textbox, new() { Name = "Votre message" }).FillAsync("Le technicien Oreste arrive à 4 h 30.");
        await guest.PressAsync("Envoyer");
        await StartAsync(server);
        foreach (var person in six)
        {
            foreach (var writer in writing) await person.Page.GetByRole(AriaRole.Article).GetByText(TextOf(writer)).WaitForAsync();
        }

        await host.OpenCrisisAsync(Crisis);
        await host.FollowAsync($"Ouvrir la cellule {Technical}");
        await host.ReadsMessageAsync("Le technicien Oreste arrive à 4 h 30.");
        await host.WriteAsync("Merci, faites-le entrer par le quai Léthé.");
        await guest.ReadsMessageAsync("Merci, faites-le entrer par le quai Léthé.");
        await guest.PictureAsync("3-guest");
        return written;
    }

    private static async Task HandOverAsync(CrisisPerson leaving, CrisisPerson taking, List<CrisisPerson> six)
    {
        await Task.WhenAll(six.Select(person => person.OpenCrisisAsync(Crisis)));
        await leaving.PressAsync("Passer la relève");
        await leaving.Dialog.GetByLabel("À qui").SelectOptionAsync(new SelectOptionValue { Label = taking.Name });
        await leaving.Dialog.GetByLabel("Où l’on en est").FillAsync("Sauvegardes à l’abri ; le prestataire est en route.");
        await leaving.PictureAsync("5-hand-over");
        await leaving.Dialog.GetByRole(AriaRole.Button, new() { Name = "Passer la relève" }).ClickAsync();
        await taking.PressAsync($"Prendre la relève de {leaving.Name}");
        await taking.Dialog.GetByText("Sauvegardes à l’abri ; le prestataire est en route.").WaitForAsync();
        await taking.PressAsync("Je prends la relève");
        foreach (var person in six.Where(person => person != taking)) await person.ReadsAsync($"Dirigée par {taking.Name}");
        await six[2].PictureAsync("5-crisis");
    }

    /// <summary>Written by one, approved by two others, published to all staff by mail and to the public.</summary>
    /// <returns>Where its mails are counted.</returns>
    private static async Task<Arrivals> TellEverybodyAsync(CrisisPerson author, CrisisPerson first, CrisisPerson second, MailCarrier mail)
    {
        var arrivals = new Arrivals(JudgeBulletin);
        await author.GoToAsync("Bulletins");
        await author.FollowAsync("Écrire un bulletin");
        await author.Page.GetByRole(AriaRole.Textbox, new() { Name = "Titre", Exact = true }).FillAsync(BulletinTitle);
        await author.Page.GetByRole(AriaRole.Textbox, new() { Name = "Texte" }).FillAsync(BulletinText);
        await author.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Au personnel par courriel aussi" }).CheckAsync();
        await author.Page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex("^Page publique", RegexOptions.None, TimeSpan.FromSeconds(1)) }).CheckAsync();
        await author.PressAsync("Enregistrer le brouillon");
        await author.Page.GetByText("Approbations : 0 sur 2").WaitForAsync();
        foreach (var person in new[] { first, second })
        {
            await person.GoToAsync("Bulletins");
            await person.ReadsAsync("Cellule de communication");
            await person.Page.GetByText("Cellule de communication", new() { Exact = true }).ClickAsync();
            await person.FollowContainingAsync(BulletinTitle);
            await person.PressAsync("Approuver cette version");
            await person.ReadsAsync($"Approuvé par {person.Name}");
        }

        mail.Arrivals = arrivals;
        await author.ReadsAsync("Approuvé par deux personnes : prêt à publier.");
        await author.PictureAsync("6-bulletin");
        await author.HoldAsync("^Publier à .* personnes et au public$");
        return arrivals;
    }

    /// <summary>Into the cells' logs and the common one, while one of them is offline and writes, too.</summary>
    private async Task WriteSecondHalfAsync(CrisisPerson claire, CrisisPerson bruno, CrisisPerson nadia, CrisisPerson karim, CrisisPerson sophie, CrisisPerson julien)
    {
        (CrisisPerson Person, string Cell, int Lines)[] parts = [(claire, Strategic, 3), (bruno, Strategic, 3), (nadia, Technical, 5), (sophie, Communication, 3), (julien, Communication, 3)];
        var offline = EnterOfflineAsync();
        await Task.WhenAll(parts.Select(async part =>
        {
            await part.Person.OpenLogAsync(Crisis, part.Cell);
            for (var i = 1; i <= part.Lines; i++) await EnterAsync(part.Person, part.Cell, $"{part.Person.Name} note, point {i} : la vanne Charon est fermée.", i == 1 ? "Action" : null);
        }));
        await offline;

        async Task EnterOfflineAsync()
        {
            for (var i = 1; i <= 2; i++) await EnterAsync(karim, "", $"{karim.Name} écrit hors ligne, point {i} : le quai Achéron est fermé.");
            await karim.ReadsAsync("En attente d’envoi");
        }
    }

    private static async Task ArriveAsync(Arrivals bulletin, CrisisPerson reader, string publicPage)
    {
        await bulletin.AddressesReachAsync(Staff + cast.Length).WaitAsync(patience, Cancellation);
        Assert.Empty(bulletin.Complaints);
        Assert.Equal(Staff + cast.Length, bulletin.Total);
        await reader.GoToAsync("En cours");
        await reader.FollowContainingAsync(BulletinTitle);
        await reader.ReadsAsync(BulletinText);
        await reader.PictureAsync("6-bulletin");
        var written = Directory.EnumerateFiles(publicPage, "*", SearchOption.AllDirectories).ToList();
        foreach (var ending in new[] { ".html", ".xml" })
            Assert.Contains(written, file => file.EndsWith(ending, StringComparison.Ordinal) && File.ReadAllText(file).Contains(BulletinTitle, StringComparison.Ordinal));
    }

    private static async Task CloseAsync(CrisisPerson leader, List<CrisisPerson> six)
    {
        await Task.WhenAll(six.Select(person => person.OpenCrisisAsync(Crisis)));
        await leader.PressAsync("Clore la crise");
        foreach (var point in new[] { "Les personnes sont en sécurité et prises en charge", "Personnel, partenaires et autorités sont prévenus de la fin", "Le retour d’expérience a une date et un responsable" })
            await leader.Dialog.GetByLabel(point).CheckAsync();
        await leader.Dialog.GetByLabel("Comment la crise se termine").FillAsync("Services rétablis depuis la copie Eurydice.");
        await leader.PictureAsync("7-closing");
        await leader.HoldAsync("^Clore la crise pour 6 personnes");
        foreach (var person in six.Where(person => person != leader)) await person.ReadsAsync($"Close par {leader.Name}");
        await six[0].PictureAsync("7-closed");
        await six[3].PictureAsync("7-closed");
    }

    private static async Task<string> ExportAsync(CrisisPerson person, string path)
    {
        await person.PressAsync("Exporter la crise");
        var download = await person.Page.RunAndWaitForDownloadAsync(() => person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Exporter", Exact = true }).ClickAsync());
        await person.Dialog.GetByText("La crise est exportée.").WaitForAsync();
        await download.SaveAsAsync(path);
        await person.Dialog.GetByRole(AriaRole.Button, new() { Name = "Fermer" }).ClickAsync();
        return path;
    }

    /// <summary>By the command, without the server.</summary>
    /// <returns>All that it wrote out of the archive.</returns>
    private static async Task<string> VerifyAsync(ServerProcess server, string archive, string directory)
    {
        var verified = JsonElement.Parse(await RunAsync(server, "verify", archive, "--extract", directory, "--json"));
        Assert.True(verified.GetProperty("genuine").GetBoolean());
        var report = verified.GetProperty("report");
        Assert.Equal(4, report.GetProperty("rooms").GetArrayLength());
        Assert.Equal(0, report.GetProperty("roomsLeftOut").GetArrayLength());
        Assert.All(report.GetProperty("rooms").EnumerateArray(), room => Assert.Equal(0, room.GetProperty("closed").GetInt32()));
        Assert.NotEqual(0, report.GetProperty("documents").GetArrayLength());
        var texts = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
        return string.Join('\n', texts);
    }

    /// <summary>Each log has what was entered, numbered from one, by whom it was entered; the same before everybody who is in it, and in the archive. So have tasks and reports.</summary>
    private async Task CompareAsync(List<CrisisPerson> six, string archive)
    {
        var (claire, bruno, nadia, karim, sophie, julien) = (six[0], six[1], six[2], six[3], six[4], six[5]);
        (string Cell, CrisisPerson[] Members)[] rooms = [("", [.. six]), (Strategic, [claire, bruno]), (Technical, [claire, nadia, karim]), (Communication, [claire, sophie, julien])];
        Assert.Equal(40, entered.Values.Sum(lines => lines.Count));
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (cell, members) in rooms)
        {
            var expected = entered[cell];
            IReadOnlyList<ShownLine>? said = null;
            IReadOnlyDictionary<string, string>? board = null;
            foreach (var person in members)
            {
                await person.OpenLogAsync(Crisis, cell.Length == 0 ? null : cell);
                foreach (var (text, _) in expected) await person.Page.GetByRole(AriaRole.Article).GetByText(text).WaitForAsync();
                var lines = await CrisisRecord.ReadLogAsync(person);
                Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.Number));
                Assert.Equal(expected.Order(), lines.Select(line => (line.Text, line.Author)).Where(line => expected.Exists(one => one.Text == line.Text)).Order());
                foreach (var author in expected.Select(one => one.Author).Distinct())
                    Assert.Equal(expected.Where(one => one.Author == author).Select(one => one.Text), lines.Where(line => line.Author == author && expected.Exists(one => one.Text == line.Text)).Select(line => line.Text));
                said ??= lines;
                Assert.Equal(said, lines);
                await person.OpenTasksAsync(Crisis, cell.Length == 0 ? null : cell);
                var shown = await CrisisRecord.ReadTasksAsync(person);
                board ??= shown;
                Assert.Equal(board.OrderBy(task => task.Key, StringComparer.Ordinal), shown.OrderBy(task => task.Key, StringComparer.Ordinal));
            }

            foreach (var (title, state) in board!) states.Add(title, state);
            Assert.All(expected, line => Assert.Contains(line.Text, archive, StringComparison.Ordinal));
        }

        await karim.OpenLogAsync(Crisis);
        await karim.PictureAsync("8-log");
        Assert.Equal(planned.Concat(tasks).Order(StringComparer.Ordinal), states.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(4, states.Values.Count(state => state == "Terminé"));
        Assert.Equal(2, states.Values.Count(state => state == "En cours"));
        Assert.All(planned.Concat(tasks), title => Assert.Contains(title, archive, StringComparison.Ordinal));
        foreach (var person in six)
        {
            await person.OpenCrisisAsync(Crisis);
            await person.FollowAsync("Points de situation");
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Point de situation n° [12]", RegexOptions.None, TimeSpan.FromSeconds(1)) })).ToHaveCountAsync(2, new() { Timeout = CrisisPerson.PatienceMilliseconds });
        }
    }

    /// <summary>The database and both lives' logs have no word that was said in the crisis' rooms.</summary>
    private async Task KeepNothingAsync(ScratchDirectory data, string log)
    {
        var secrets = entered.Values.SelectMany(lines => lines).Select(line => line.Text).Concat(tasks)
            .Append("Sauvegarde Eurydice intacte").Append("Nos pare-feux Tantale sont isolés").Append("le prestataire est en route").Select(Secret.OfText).ToList();
        var stored = await Task.WhenAll(Directory.EnumerateFiles(data.Path, "tocsin.db*").Select(file => Secret.ReadSharedAsync(file, Cancellation)));
        Assert.All(stored, bytes => Assert.Empty(Secret.FoundIn(bytes, secrets)));
        Assert.Contains(stored, bytes => Secret.FoundIn(bytes, [Secret.OfText(BulletinTitle)]).Length > 0);
        Assert.Empty(Secret.FoundIn(Encoding.UTF8.GetBytes(log), secrets));
    }

    private static async Task<string> RunAsync(ServerProcess server, params string[] arguments)
    {
        await using var command = ChildProcess.Start(server.Executable, arguments);
        await command.WaitForExitAsync(patience);
        Assert.True(command.ExitCode == 0, $"tocsin {arguments[0]} ended with {command.ExitCode}:\n{command.Output}");
        return command.Output;
    }
}
