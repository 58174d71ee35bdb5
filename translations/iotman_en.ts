<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>iotman::ChartView</name>
    <message numerus="yes">
        <source>(one of %n values at this time)</source>
        <translation>
            <numerusform>(one of %n values at this time)</numerusform>
            <numerusform>(one of %n values at this time)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::MonitorActions</name>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln new</numerusform>
            <numerusform>%Ln new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::MonitorPage</name>
    <message numerus="yes">
        <source>%Ln alarms</source>
        <translation>
            <numerusform>%Ln alarm</numerusform>
            <numerusform>%Ln alarms</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::StateStrip</name>
    <message numerus="yes">
        <source>%Ln not drawn</source>
        <translation>
            <numerusform>%Ln not drawn</numerusform>
            <numerusform>%Ln not drawn</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gaps filled</source>
        <translation>
            <numerusform>%Ln gap filled</numerusform>
            <numerusform>%Ln gaps filled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gaps</source>
        <translation>
            <numerusform>%Ln gap</numerusform>
            <numerusform>%Ln gaps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items filled</source>
        <translation>
            <numerusform>%Ln item filled</numerusform>
            <numerusform>%Ln items filled</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::AccessDialog</name>
    <message numerus="yes">
        <source>Who may read these %Ln endpoints?</source>
        <translation>
            <numerusform>Who may read this endpoint?</numerusform>
            <numerusform>Who may read these %Ln endpoints?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::AccessRows</name>
    <message numerus="yes">
        <source>%Ln endpoints</source>
        <translation>
            <numerusform>%Ln endpoint</numerusform>
            <numerusform>%Ln endpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln clients</source>
        <translation>
            <numerusform>%Ln client</numerusform>
            <numerusform>%Ln clients</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sources</source>
        <translation>
            <numerusform>%Ln source</numerusform>
            <numerusform>%Ln sources</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::AccessTexts</name>
    <message numerus="yes">
        <source>delete %Ln</source>
        <translation>
            <numerusform>delete %Ln</numerusform>
            <numerusform>delete %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln scopes?</source>
        <translation>
            <numerusform>Delete %Ln scope?</numerusform>
            <numerusform>Delete %Ln scopes?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln scopes</source>
        <translation>
            <numerusform>Delete %Ln scope</numerusform>
            <numerusform>Delete %Ln scopes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln clients?</source>
        <translation>
            <numerusform>Delete %Ln client?</numerusform>
            <numerusform>Delete %Ln clients?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln clients</source>
        <translation>
            <numerusform>Delete %Ln client</numerusform>
            <numerusform>Delete %Ln clients</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %Ln members?</source>
        <translation>
            <numerusform>Remove %Ln member?</numerusform>
            <numerusform>Remove %Ln members?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %Ln members</source>
        <translation>
            <numerusform>Remove %Ln member</numerusform>
            <numerusform>Remove %Ln members</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ApplyDialog</name>
    <message numerus="yes">
        <source>Apply %Ln changes</source>
        <translation>
            <numerusform>Apply %Ln change</numerusform>
            <numerusform>Apply %Ln changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::AskPane</name>
    <message numerus="yes">
        <source>%Ln steps</source>
        <translation>
            <numerusform>%Ln step</numerusform>
            <numerusform>%Ln steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::CodeLines</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::CorsPage</name>
    <message numerus="yes">
        <source>%Ln entries can’t be stored; correct or remove them to save.</source>
        <translation>
            <numerusform>%Ln entry can’t be stored; correct or remove it to save.</numerusform>
            <numerusform>%Ln entries can’t be stored; correct or remove them to save.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::EndpointDetails</name>
    <message numerus="yes">
        <source>%Ln streams open</source>
        <translation>
            <numerusform>%Ln stream open</numerusform>
            <numerusform>%Ln streams open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::EndpointTexts</name>
    <message numerus="yes">
        <source>%Ln endpoints serve this output already.</source>
        <translation>
            <numerusform>%Ln endpoint serves this output already.</numerusform>
            <numerusform>%Ln endpoints serve this output already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln streams are open.</source>
        <translation>
            <numerusform>%Ln stream is open.</numerusform>
            <numerusform>%Ln streams are open.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Held by %Ln clients: %1. Others get 403.</source>
        <translation>
            <numerusform>Held by %Ln client: %1. Others get 403.</numerusform>
            <numerusform>Held by %Ln clients: %1. Others get 403.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln endpoints?</source>
        <translation>
            <numerusform>Delete %Ln endpoint?</numerusform>
            <numerusform>Delete %Ln endpoints?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln endpoints</source>
        <translation>
            <numerusform>Delete %Ln endpoint</numerusform>
            <numerusform>Delete %Ln endpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>delete %Ln</source>
        <translation>
            <numerusform>delete %Ln</numerusform>
            <numerusform>delete %Ln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::EndpointsPage</name>
    <message numerus="yes">
        <source>%Ln endpoints deleted.</source>
        <translation>
            <numerusform>%Ln endpoint deleted.</numerusform>
            <numerusform>%Ln endpoints deleted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::Findings</name>
    <message numerus="yes">
        <source>%Ln equal</source>
        <translation>
            <numerusform>%Ln equal</numerusform>
            <numerusform>%Ln equal</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln different</source>
        <translation>
            <numerusform>%Ln different</numerusform>
            <numerusform>%Ln different</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln unknown</source>
        <translation>
            <numerusform>%Ln unknown</numerusform>
            <numerusform>%Ln unknown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::HintList</name>
    <message numerus="yes">
        <source>Show these %Ln</source>
        <translation>
            <numerusform>Show this one</numerusform>
            <numerusform>Show these %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln requests of %1, such as %2. Times are Unix seconds.</source>
        <translation>
            <numerusform>%Ln request of %1: %2. Times are Unix seconds.</numerusform>
            <numerusform>%Ln requests of %1, such as %2. Times are Unix seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 read %2 %Ln times, every %3 s. A stream brings each item at once.</source>
        <translation>
            <numerusform>%1 read %2 %Ln time, every %3 s. A stream brings each item at once.</numerusform>
            <numerusform>%1 read %2 %Ln times, every %3 s. A stream brings each item at once.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln requests of %1. URLs end up in logs: send Authorization instead.</source>
        <translation>
            <numerusform>%Ln request of %1. URLs end up in logs: send Authorization instead.</numerusform>
            <numerusform>%Ln requests of %1. URLs end up in logs: send Authorization instead.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 opened a stream of %2 again %Ln times without saying where it was; what came in the %3 s before is missing there.</source>
        <translation>
            <numerusform>%1 opened a stream of %2 again %Ln time without saying where it was; what came in the %3 s before is missing there.</numerusform>
            <numerusform>%1 opened a stream of %2 again %Ln times without saying where it was; what came in the %3 s before is missing there.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln requests of %1, such as %2. The hosted service does not document this.</source>
        <translation>
            <numerusform>%Ln request of %1: %2. The hosted service does not document this.</numerusform>
            <numerusform>%Ln requests of %1, such as %2. The hosted service does not document this.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ImportDialog</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ImportPreview</name>
    <message numerus="yes">
        <source>%Ln rows shown as they will be.</source>
        <translation>
            <numerusform>%Ln row shown as it will be.</numerusform>
            <numerusform>%Ln rows shown as they will be.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them refused.</source>
        <translation>
            <numerusform>%Ln of them refused.</numerusform>
            <numerusform>%Ln of them refused.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ImportSummary</name>
    <message numerus="yes">
        <source>%Ln rows read: %1 accepted, %2 refused, in %3.</source>
        <translation>
            <numerusform>%Ln row read: %1 accepted, %2 refused, in %3.</numerusform>
            <numerusform>%Ln rows read: %1 accepted, %2 refused, in %3.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln times lay in an hour that the clocks skipped and were moved forward.</source>
        <translation>
            <numerusform>%Ln time lay in an hour that the clocks skipped and was moved forward.</numerusform>
            <numerusform>%Ln times lay in an hour that the clocks skipped and were moved forward.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln times lay in an hour that came twice and are the earlier.</source>
        <translation>
            <numerusform>%Ln time lay in an hour that came twice and is the earlier.</numerusform>
            <numerusform>%Ln times lay in an hour that came twice and are the earlier.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::Json</name>
    <message numerus="yes">
        <source>%Ln values</source>
        <translation>
            <numerusform>%Ln value</numerusform>
            <numerusform>%Ln values</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::MainWindow</name>
    <message numerus="yes">
        <source>%Ln streams out</source>
        <translation>
            <numerusform>%Ln stream out</numerusform>
            <numerusform>%Ln streams out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::MirrorLine</name>
    <message numerus="yes">
        <source>Tokens of its issuer are taken (%n key(s)).</source>
        <translation>
            <numerusform>Tokens of its issuer are taken (%n key).</numerusform>
            <numerusform>Tokens of its issuer are taken (%n keys).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::OutputEditor</name>
    <message numerus="yes">
        <source>&amp;Apply to the %Ln datapoints already stored</source>
        <translation>
            <numerusform>&amp;Apply to the %Ln datapoint already stored</numerusform>
            <numerusform>&amp;Apply to the %Ln datapoints already stored</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::OutputResult</name>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::OutputTexts</name>
    <message numerus="yes">
        <source>%Ln endpoints serve it: %1.</source>
        <translation>
            <numerusform>%Ln endpoint serves it: %1.</numerusform>
            <numerusform>%Ln endpoints serve it: %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %Ln outputs?</source>
        <translation>
            <numerusform>Delete %Ln output?</numerusform>
            <numerusform>Delete %Ln outputs?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln skipped</source>
        <comment>datapoints that the filter left out</comment>
        <translation>
            <numerusform>%Ln skipped</numerusform>
            <numerusform>%Ln skipped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <comment>datapoints on which the rule failed</comment>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items go. The datapoints stay, so the rule can make them again.</source>
        <translation>
            <numerusform>%Ln item goes. The datapoints stay, so the rule can make it again.</numerusform>
            <numerusform>%Ln items go. The datapoints stay, so the rule can make them again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::OutputsPage</name>
    <message numerus="yes">
        <source>%Ln outputs have changes that are not saved.</source>
        <translation>
            <numerusform>%Ln output has changes that are not saved.</numerusform>
            <numerusform>%Ln outputs have changes that are not saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln outputs deleted.</source>
        <translation>
            <numerusform>%Ln output deleted.</numerusform>
            <numerusform>%Ln outputs deleted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ReplayForm</name>
    <message numerus="yes">
        <source>%Ln datapoints</source>
        <translation>
            <numerusform>%Ln datapoint</numerusform>
            <numerusform>%Ln datapoints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::ScopesPane</name>
    <message numerus="yes">
        <source>%Ln scopes deleted.</source>
        <translation>
            <numerusform>%Ln scope deleted.</numerusform>
            <numerusform>%Ln scopes deleted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::SourceDeletion</name>
    <message numerus="yes">
        <source>Delete %Ln sources?</source>
        <translation>
            <numerusform>Delete %Ln source?</numerusform>
            <numerusform>Delete %Ln sources?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln URLs answer 404 at once.</source>
        <translation>
            <numerusform>%Ln URL answers 404 at once.</numerusform>
            <numerusform>%Ln URLs answer 404 at once.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln outputs of the same name go too.</source>
        <translation>
            <numerusform>The output of the same name goes too.</numerusform>
            <numerusform>%Ln outputs of the same name go too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are deleted.</source>
        <translation>
            <numerusform>%Ln item is deleted.</numerusform>
            <numerusform>%Ln items are deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln datapoints stay, and all items made of them.</source>
        <translation>
            <numerusform>%Ln datapoint stays, and all items made of it.</numerusform>
            <numerusform>%Ln datapoints stay, and all items made of them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This cannot be undone for %Ln of them.</source>
        <translation>
            <numerusform>This cannot be undone for %Ln of them.</numerusform>
            <numerusform>This cannot be undone for %Ln of them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>delete %Ln</source>
        <translation>
            <numerusform>delete %Ln</numerusform>
            <numerusform>delete %Ln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::StreamsPane</name>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::TryIt</name>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::WeatherDialog</name>
    <message numerus="yes">
        <source>%n endpoint(s)</source>
        <translation>
            <numerusform>%n endpoint</numerusform>
            <numerusform>%n endpoints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>iotman::ui::WorkspaceChanges</name>
    <message numerus="yes">
        <source>%Ln removed</source>
        <translation>
            <numerusform>%Ln removed</numerusform>
            <numerusform>%Ln removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln changed</numerusform>
            <numerusform>%Ln changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln added</source>
        <translation>
            <numerusform>%Ln added</numerusform>
            <numerusform>%Ln added</numerusform>
        </translation>
    </message>
</context>
</TS>
