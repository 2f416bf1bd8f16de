from tests.factories import *
from datetime import date
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
def test_try(store, today):
    east=make_user(store,"Ann",region="East"); west=make_user(store,"Bob",region="West",manager=east)
    acme=make_account(store,"Acme",industry="retail",owner=east); sub=make_account(store,"Sub",parent=acme)
    for i,(st,amt,own,acc,day) in enumerate([("Won",100,east,acme,date(2017,1,5)),("Won",50,west,sub,date(2017,2,5)),("Lost",None,west,None,date(2017,4,1)),("Engaging",10,None,acme,None)]):
        make_deal(store,None,external_id=f"D{i}",stage=st,amount=amt,owner=own,account=acc,closed_on=day,closes_on=day, started_on=date(2016,12,1))
    make_interaction(store,date(2017,3,1),account=acme)
    def q(**k):
        r=run_query(store,QuerySpec(**k),actor=ADMIN,today=today)
        print(); print([ (c.name,c.label,str(c.kind)) for c in r.columns]); 
        for row in r.rows: print(row)
    q(entity="deal")
    q(entity="deal",limit=2)
    q(entity="deal",measures=[{"metric":"bookings"},{"metric":"win_rate"}],group_by=[{"field":"owner"}])
    q(entity="deal",measures=[{"metric":"bookings","share":True}],group_by=[{"field":"owner.region"}])
    for b in ("day","week","month","quarter","year"): q(entity="deal",measures=[{"fn":"count","running":True}],group_by=[{"field":"closed_on","bucket":b}])
    q(entity="deal",measures=[{"fn":"count"}],group_by=[{"field":"stage"}])
    q(entity="deal",measures=[{"metric":"bookings"}],compare_to={"base":{"field":"closed_on","since":"2017-01-01","until":"2017-01-31"},"against":{"field":"closed_on","since":"2017-02-01","until":"2017-02-28"}})
    q(entity="deal",measures=[{"metric":"bookings"}],group_by=[{"field":"owner"}],summary="gap")
    q(entity="deal",measures=[{"metric":"bookings"}],group_by=[{"field":"owner"}],summary="median")
    q(entity="account",where={"field":"name","op":"under","value":"acme"},columns=["name","last_interaction_at","open_deal_count","won_amount"])
    q(entity="deal",where={"field":"account","op":"under","value":"acme"},columns=["name","age_days","days_in_stage","owner.manager"])
    q(entity="account",where={"children":"deals","op":"eq","value":0})
    q(entity="account",where={"children":"deals","measure":{"fn":"sum","field":"amount"},"op":"gt","value":60})
    q(entity="deal",where={"not":{"field":"owner.region","op":"eq","value":"west"}},columns=["name"])
    q(entity="deal",where={"field":"amount","op":"gt","value":20},distinct=True,columns=["owner","closed_on"], limit=1)
