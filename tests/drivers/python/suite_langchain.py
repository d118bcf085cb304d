"""LangChain's graph store, unmodified: it reads the schema with APOC's procedures, writes documents and queries them."""
from langchain_core.documents import Document
from langchain_neo4j import Neo4jGraph
from langchain_neo4j.graphs.graph_document import GraphDocument, Node, Relationship

from harness import ADDRESS, AUTH, execute, run, same

DATABASES = ("library", "archive")


def store(database, enhanced=False):
    return Neo4jGraph(url=f"bolt://{ADDRESS}", username=AUTH[0], password=AUTH[1], database=database,
                      enhanced_schema=enhanced)


def document():
    author = Node(id="Ada", type="Person", properties={"age": 36})
    engine = Node(id="Engine", type="Machine")
    return GraphDocument(nodes=[author, engine], source=Document(page_content="Notes.", metadata={"id": "notes"}),
                         relationships=[Relationship(source=author, target=engine, type="WROTE FOR", properties={"pages": 65})])


def count(graph, pattern):
    return graph.query(f"MATCH {pattern} RETURN count(*) AS n")[0]["n"]


def the_schema_is_read(driver):
    execute(driver, "CREATE (:Person {name: 'Ada', born: 1815})-[:KNOWS {since: date('1833-06-05')}]->(:Person {name: 'Mary'})", "library")
    schema = store("library").structured_schema
    same({"property": "born", "type": "INTEGER"} in schema["node_props"]["Person"], True)
    same(schema["rel_props"], {"KNOWS": [{"property": "since", "type": "DATE"}]})
    same(schema["relationships"], [{"start": "Person", "type": "KNOWS", "end": "Person"}])
    same(store("archive").structured_schema["node_props"], {})


def the_enhanced_schema_knows_values(driver):
    execute(driver, "CREATE INDEX person_name IF NOT EXISTS FOR (p:Person) ON (p.name)", "library")
    schema = store("library", enhanced=True).schema
    same("Available options: ['Ada', 'Mary']" in schema, True)
    same("Min: 1815" in schema, True)


def documents_are_written_once(_driver):
    graph = store("archive")
    for _ in range(2):
        graph.add_graph_documents([document()], include_source=True, baseEntityLabel=True)
    same(count(graph, "(:Person:__Entity__ {id: 'Ada', age: 36})-[:WROTE_FOR {pages: 65}]->(:Machine:__Entity__)"), 1)
    same(count(graph, "(:Document {id: 'notes', text: 'Notes.'})-[:MENTIONS]->()"), 2)
    same(count(graph, "(n)"), 3)
    plain = store("library")
    for _ in range(2):
        plain.add_graph_documents([document()], include_source=False)
    same(count(plain, "(:Person {id: 'Ada'})-[:WROTE_FOR]->(:Machine {id: 'Engine'})"), 1)
    same(count(plain, "(:Document)"), 0)


run(DATABASES, (the_schema_is_read, the_enhanced_schema_knows_values, documents_are_written_once))
